"""
What shops say of stock, by language: the words of shop software and of large shops. Loaded with the first such value.

Each entry is (out of stock, pre-order, in stock), phrases parted by |. `WORDS` are whole words, `PARTS` stand anywhere:
their scripts put no spaces between words, or mark vowels behind a letter. A hyphen is written as a space.
"""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "en": (
        "sold out|soldout|sold out online|out of stock|oos|notify me|notify me when back|get notified|email me when"
        "|back soon|back in stock soon|currently unavailable|temporarily unavailable|unavailable|coming soon|waitlist"
        "|waiting list|wait list|sales ended|sale ended|sales have ended|ended by the seller|discontinued|class full"
        "|fully booked|no longer available|no longer for sale|not in stock|none left|not yet available|out of print"
        "|registration closed|registrations closed|enrolment closed|enrollment closed|class is full|booked out"
        "|waitlisted|alert me when|remind me when|tell me when|let me know when|restocking"
        "|awaiting stock|awaiting restock|nothing left|all gone|zero left|zero in stock|we are out of this item"
        "|back in stock on|expected back in stock|will be back in stock|restocking soon|more coming soon"
        "|unavailable to buy|cannot be purchased|can't be purchased|notify me when available"
        "|enrolment is closed|enrollment is closed|registration is closed|registrations are closed|bookings closed"
        "|booking closed|event cancelled|event canceled|off sale|not yet on sale|not on sale yet|checked out|on loan"
        "|this item is sold|item is sold|item has been sold|this item has sold|listing ended|listing has ended"
        "|not accepting orders|no longer accepting orders|orders closed|applications closed|waitlist only|at capacity"
        "|fully subscribed|fully reserved|no rooms left|no rooms|no tables|no availability|no online availability"
        "|no appointments|no slots|no longer offered|no longer sold|no longer in stock|not for sale|out on loan"
        "|rented out|no vacancies|no vacancy|no seats|no tickets|no spaces|no places|course full|course is full"
        "|event full|session full|sales closed|sales are closed|not currently available|item not available"
        "|no stock available|no stock"
        "|reprinting|available soon|under reprint"
        "|booked solid|rsvp closed|bidding has ended|auction ended|auction has ended|bidding ended|no times available"
        "|no longer bookable|not bookable|cannot be booked|unable to book|tour full|workshop full|event is full"
        "|prebooked"
        "|in transit",
        "pre order|preorder|pre orders|preorders|pre ordering|back order|backorder|backordered|back ordered|presale"
        "|pre sale|reserve now|available on backorder|available to backorder|available for pre order|made to order"
        "|temporarily out of stock. order now and we'll deliver when available|can be backordered|on backorder"
        "|out of stock, available on backorder"
        "|made to measure|custom made|bespoke|tailor made|made on demand|made just for you|handmade to order"
        "|built to order|printed to order"
        "|backorders accepted|back orders accepted|backorders allowed|back orders allowed"
        "|backorders welcome|backorders available",
        "in stock|instock|left in stock|low stock|limited stock|low in stock|add to cart|add to basket|add to bag"
        "|add to trolley|buy now|buy it now|buy tickets|get tickets|book now|order now|tickets available|available"
        "|last one|enroll now|ships within|usually ships|available to ship|ready to ship|on sale now|selling fast"
        "|almost gone|almost sold out|nearly sold out|selling out fast|selling out|almost out of stock|few left"
        "|a few left|last few|last chance to buy|stock: low|low stock available|available online|ready for dispatch"
        "|ready to dispatch|ships today|ships tomorrow|dispatched today|same day dispatch|next day delivery available"
        "|last items in stock|back in stock|plenty left|running low|nearly gone|low availability|only a few left"
        "|in stock at supplier|ships immediately|ships in|dispatched within|more on the way"
        "|in stock (can be backordered)|last item|last items"
        "|limited availability|few tickets left|few tickets remaining|last tickets|limited tickets|on shelf"
        "|on the shelf|find tickets|see tickets|select tickets|choose tickets|select seats|enrol now|spots available"
        "|places available|spaces available|seats available|rooms available|book a table|limited quantities available"
        "|in stock now|available now|available today|few seats left|few spots left|few places left|almost full"
        "|nearly full|filling fast|last few remaining|limited quantity|going fast|back by popular demand"
        "|hardly any left|barely any left|while stocks last|while supplies last|in warehouse"
        "|registration open|registration is open|enrolment open|enrollment open|restocked|last room|last table"
        "|last spot|last place|last seat|last ticket|places remain|spots remain|bookings open|booking open"
        "|tickets on sale|on sale here",
    ),
    "de": (
        "ausverkauft|vergriffen|benachrichtige mich|benachrichtigen sie mich|erinnere mich|nicht vorrätig|ausgebucht"
        "|demnächst|bald verfügbar|wenn wieder verfügbar|wieder lieferbar ab|wieder verfügbar ab|nicht mehr lieferbar"
        "|nicht mehr verfügbar|nicht mehr erhältlich|bald wieder da|benachrichtigen wenn|verfügbarkeitsalarm"
        "|auf die warteliste|warteliste|anmeldung geschlossen|anmeldeschluss vorbei|buchung geschlossen"
        "|artikel nicht lieferbar|nicht bestellbar|kein bestand|nicht erhältlich"
        "|bald wieder verfügbar|in kürze wieder|nicht am lager|e mail bei verfügbarkeit|bei verfügbarkeit informieren"
        "|informieren sie mich|informiere mich|demnächst wieder verfügbar|bald wieder lieferbar|nicht an lager"
        "|kurs voll|voll belegt|entliehen|ausgeliehen|anmeldung nicht mehr möglich|keine anmeldung möglich"
        "|anmeldefrist abgelaufen|abgesagt|keine plätze|keine freien plätze|keine termine|angebot beendet"
        "|auktion beendet|nicht buchbar|nicht ausleihbar|anzeige deaktiviert|nicht mehr bestellbar|verkauf beendet"
        "|restlos vergriffen|leider vergriffen|nicht mehr im sortiment|auslaufartikel|keine tickets|keine karten"
        "|bald erhältlich|noch nicht erhältlich|noch nicht lieferbar|noch nicht verfügbar|wieder auf lager"
        "|keine freien termine|keine freien"
        "|vorverkauf beendet|ticketverkauf beendet|termin nicht verfügbar|nicht mehr buchbar|lieferzeit unbekannt"
        "|liefertermin unbekannt|liefertermin nicht bekannt|zurzeit nicht|leider nicht mehr",
        "vorbestellen|vorbestellbar|vorbestellung|vorbestellt|auf vorbestellung|im rückstand, vorbestellung möglich"
        "|lieferrückstand|auf bestellung"
        "|wird für sie angefertigt|maßgefertigt|wird individuell gefertigt|auftragsfertigung|auf bestellung gefertigt"
        "|sonderanfertigung|maßanfertigung"
        "|in rückstand|im rückstand|im lieferrückstand|nachbestellt, vorbestellung möglich",
        "auf lager|an lager|am lager|ab lager|lieferbar|bestellbar|verfügbar|vorrätig|in den warenkorb|in warenkorb"
        "|in warenkorb legen|zum warenkorb hinzufügen"
        "|in den warenkorb legen|in den einkaufswagen|jetzt kaufen|sofort kaufen|tickets kaufen|jetzt bestellen"
        "|fast ausverkauft|bald ausverkauft|beinahe ausverkauft|nur noch wenige|wenige verfügbar|wenige auf lager"
        "|geringer bestand|auf lager (kann nachbestellt werden)|letzte stücke|sofort lieferbar|sofort versandfertig"
        "|versandfertig|erhältlich|letzte exemplare|knapper bestand|geringe stückzahl|lagernd|wenige stück"
        "|nur noch wenige verfügbar|restposten|versandbereit|fast vergriffen|bald vergriffen"
        "|ausleihbar|plätze vorhanden|plätze frei|freie plätze|termine frei|buchbar|jetzt buchen|tickets sichern"
        "|wenige plätze|restplätze|platz frei|plätze verfügbar|wenige restplätze|karten verfügbar|tickets verfügbar"
        "|tickets bestellen|in den einkaufskorb|solange der vorrat reicht|jetzt wieder auf lager|wieder da"
        "|nur wenige exemplare|letzte plätze|sofort abholbereit|sofort versandbereit"
        "|anmeldung möglich|anmeldung offen|solange vorrat reicht"
        "|vorverkauf läuft|letzter platz|letztes zimmer|letztes stück|letzter artikel",
    ),
    "fr": (
        "épuisé|épuisée|épuisés|épuisées|epuise|rupture de stock|en rupture|bientôt de retour|indisponible"
        "|indisponibles|prévenez moi|m'avertir|m'alerter|victime de son succès|bientôt disponible|liste d'attente"
        "|pas en stock|plus en stock|plus disponible|être averti|être alerté|m'avertir lorsque|me prévenir|m'informer"
        "|me notifier|alertez moi|avertissez moi|prévenir du retour|produit indisponible|hors stock|rupture"
        "|temporairement indisponible|victime de son succes|retour en stock prévu|en cours de réapprovisionnement"
        "|réapprovisionnement en cours|plus commercialisé|plus de stock|stock nul|ce produit n'est plus en stock"
        "|inscriptions closes|inscriptions fermées|inscriptions terminées|offre expirée|annonce désactivée"
        "|vente terminée|plus de places|plus aucune place|guichets fermés|emprunté|plus commercialisée"
        "|arrêt de commercialisation|fin de commercialisation|stock épuisé|stocks épuisés|produit épuisé"
        "|article épuisé|annonce expirée|plus en vente|pas encore disponible|bientôt en vente|de retour prochainement"
        "|alerte stock|bientôt de retour en stock"
        "|plus livrable|à paraître|non livrable"
        "|billetterie fermée|séance complète|rupture temporaire|rupture définitive|vente close|ventes closes"
        "|date inconnue|réassort en cours",
        "précommande|précommander|precommande|precommander|pré commande|pré commander|disponible sur commande"
        "|en réapprovisionnement, commande possible|sur commande"
        "|fabriqué sur commande|fabriqué à la demande|fait sur commande|confectionné sur commande|sur mesure"
        "|en reliquat|en reliquat, commande possible",
        "en stock|stock limité|ajouter au panier|disponible|disponibles|acheter|acheter maintenant|j'achète"
        "|bientôt épuisé|bientôt épuisée|presque épuisé|presque épuisée|derniers articles en stock|dernières pièces"
        "|derniers exemplaires|dernier exemplaire|dernière pièce|stock faible|quantité limitée|plus que quelques"
        "|bientôt en rupture|bientôt en rupture de stock|expédié aujourd'hui|expédié demain|ajouter au sac"
        "|stock disponible|réserver maintenant|commander maintenant|prêt à être expédié|prêt à expédier"
        "|en stock (peut être commandé)"
        "|places disponibles|il reste des places|réserver ma place|dernières places|je réserve|disponible à l'achat"
        "|encore disponible|quelques exemplaires|quelques pièces|en stock fournisseur|acheter des billets"
        "|billets disponibles|dans la limite des stocks disponibles|stock restreint|livraison immédiate"
        "|derniers articles|dernier article|derniers billets"
        "|jusqu'à épuisement des stocks|disponible sous"
        "|dernière place|dernière chambre|billetterie ouverte|inscriptions ouvertes|réassort effectué",
    ),
    "es": (
        "agotado|agotada|agotados|agotadas|sin existencias|sin stock|avísame|avisame|próximamente|lista de espera"
        "|fuera de stock|no quedan|avisarme|notificarme|notifícame|no hay stock|no hay existencias|descatalogado"
        "|temporalmente agotado|no disponible|sin unidades|recibir aviso|avísenme|recibe un aviso|stock agotado"
        "|fuera de existencias|sin disponibilidad|rotura de stock|ya no está disponible"
        "|publicación pausada|publicación finalizada|matrícula cerrada|inscripciones cerradas|inscripción cerrada"
        "|plazas agotadas|aforo completo|sin plazas|entradas agotadas|no hay plazas|no hay disponibilidad"
        "|anuncio pausado|oferta finalizada|cupo lleno|sin cupo|sin cupos|sin lugares|venta finalizada"
        "|ya no disponible|fuera de catálogo|artículo no disponible|producto no disponible|no hay unidades"
        "|no hay entradas|próximamente disponible|disponible próximamente|avisarme cuando|localidades agotadas"
        "|sin inventario|se agotó|se agotaron"
        "|sin fecha de reposición|taquilla cerrada|venta cerrada|subasta finalizada|función agotada|evento finalizado",
        "reserva|resérvalo|reservar ahora|preventa|pre venta|reserva ya|pedido anticipado|preordenar|pre orden"
        "|bajo pedido|disponible para reserva|puede reservarse|por encargo"
        "|hecho a medida|hecho por encargo|fabricado bajo pedido|sobre pedido",
        "en stock|disponible|disponibles|réserver|añadir a la cesta|añadir al carrito|añadir al carro"
        "|agregar al carrito|agregar al carro|comprar|comprar ahora|comprar ya|hay existencias|últimas unidades"
        "|última unidad|a punto de agotarse|casi agotado|casi agotada|pocas unidades|pocas existencias|poco stock"
        "|últimas unidades en stock|en existencia|en existencias|quedan pocas|quedan pocos|listo para enviar"
        "|se agota pronto|añadir a la bolsa|hay stock|stock disponible|bajo stock|últimas existencias"
        "|hay existencias (puede reservarse)|disponibles (puede reservarse)"
        "|plazas disponibles|quedan plazas|últimas plazas|cupos disponibles|lugares disponibles|comprar entradas"
        "|últimas entradas|hay disponibilidad|última disponible|últimas disponibles|últimos cupos|agrégalo al carrito"
        "|lo quiero|entrega inmediata|disponibilidad inmediata|últimas piezas|últimos disponibles|comprar boletos"
        "|añadir al carrito de compra|pocas disponibles"
        "|hasta agotar existencias|hasta fin de existencias"
        "|inscripciones abiertas|última plaza|última habitación|último disponible|venta abierta",
    ),
    "it": (
        "esaurito|esaurita|esauriti|esaurite|non disponibile|non disponibili|avvisami|prossimamente|lista d'attesa"
        "|notificami|avvisatemi|non più disponibile|fuori produzione|terminato|tutto esaurito|articolo esaurito"
        "|non in magazzino|in arrivo|disponibile a breve|presto disponibile|di nuovo disponibile a breve"
        "|temporaneamente non disponibile|attualmente non disponibile|scorte esaurite|fuori stock|non acquistabile"
        "|iscrizioni chiuse|posti esauriti|biglietti esauriti|asta terminata|inserzione terminata|al completo"
        "|in prestito|vendita terminata|nessun posto|nessuna disponibilità|posti non disponibili|prodotto esaurito"
        "|non più in vendita|fuori catalogo|avvisami quando|temporaneamente esaurito|momentaneamente non disponibile"
        "|esaurimento scorte|non è disponibile"
        "|prevendita chiusa|vendite chiuse|data di rientro sconosciuta",
        "preordina|preordine|pre ordine|prenota ora|su ordinazione|ordinabile|disponibile su ordinazione|prenotabile"
        "|su misura|realizzato su ordinazione|prodotto su ordinazione|fatto su ordinazione",
        "disponibile|disponibili|aggiungi al carrello|acquista ora|disponibilità immediata|in esaurimento"
        "|ultimi pezzi"
        "|ultimo pezzo|ultimi articoli in magazzino|quasi esaurito|quasi esaurita|in magazzino|in stock|acquista"
        "|compra ora|metti nel carrello|aggiungi alla borsa|pronta consegna|pochi pezzi|ultime unità|scorte limitate"
        "|disponibilità limitata|pochi pezzi rimasti|disponibili (ordinabile)|disponibile (ordinabile)"
        "|posti disponibili|ultimi posti|biglietti disponibili|acquista biglietti|iscrizioni aperte|acquista subito"
        "|ultimi biglietti|ultimi disponibili|ultimo disponibile|spedizione immediata|compralo subito"
        "|aggiungi al cestino"
        "|fino ad esaurimento scorte"
        "|ultima camera|ultimo posto|vendite aperte|prevendita aperta"
        "|ultimi due pezzi",
    ),
    "pt": (
        "esgotado|esgotada|esgotados|esgotadas|indisponível|avise me|fora de estoque|sem estoque|sem stock"
        "|avisem me|me avise|notificar me|notifique me|lista de espera|em breve|fora de stock|não disponível"
        "|produto esgotado|produto indisponível|descontinuado|stock esgotado|estoque esgotado|avisar me"
        "|rutura de stock|ruptura de stock|temporariamente indisponível"
        "|anúncio pausado|anúncio finalizado|inscrições encerradas|vagas esgotadas|sem vagas|vendas encerradas"
        "|evento encerrado|lotado|ingressos esgotados|anúncio inativo|não há vagas|não há estoque|não há stock"
        "|brevemente disponível|disponível em breve|brevemente|não está disponível|fora de linha|lotação esgotada"
        "|produto fora de linha|não disponível para venda|avisem me quando|sem disponibilidade"
        "|leilão encerrado|sem previsão de reposição|sem previsão",
        "pré venda|pré encomenda|pré reserva|pré compra|disponível por encomenda|sob encomenda|por encomenda"
        "|encomendar|reserve agora"
        "|feito sob encomenda|produzido sob encomenda|feito por encomenda|sob medida",
        "em estoque|em stock|adicionar ao carrinho|disponível|disponíveis|comprar agora|últimas unidades"
        "|última unidade"
        "|quase esgotado|quase esgotada|a esgotar|estoque baixo|stock reduzido|poucas unidades|comprar"
        "|pronta entrega|disponibilidade imediata|entrega imediata|adicionar ao cesto|adicionar à sacola"
        "|colocar no carrinho|envio imediato|últimos artigos em stock|stock limitado|estoque disponível|há stock"
        "|adicionar à cesta|adicionar ao cabaz"
        "|vagas abertas|vagas disponíveis|últimas vagas|inscrições abertas|comprar ingresso|comprar ingressos"
        "|comprar bilhetes|restam poucas|últimas peças|último em estoque|envio em 24h|há vagas|comprar já|eu quero"
        "|última vaga|último quarto|vendas abertas",
    ),
    "ca": (
        "esgotat|esgotada|sense existències|no disponible|avisa'm|fora d'estoc|exhaurit",
        "reserva anticipada|encàrrec",
        "en estoc|afegeix a la cistella|afegeix al carret|últimes unitats|compra ara",
    ),
    "nl": (
        "uitverkocht|tijdelijk uitverkocht|binnenkort|niet leverbaar|niet beschikbaar|houd me op de hoogte|mail mij"
        "|niet meer leverbaar|niet op voorraad|geen voorraad|wachtlijst|hou me op de hoogte|melding ontvangen"
        "|stuur me een bericht|laat het me weten|mail me|informeer mij|tijdelijk niet leverbaar|meld mij"
        "|onbekende levertijd|uit assortiment|niet meer verkrijgbaar|binnenkort weer beschikbaar"
        "|breng mij op de hoogte"
        "|inschrijving gesloten|inschrijvingen gesloten|volgeboekt|uitgeleend|niet meer te bestellen|geen plaatsen"
        "|niet bestelbaar|vol geboekt|verkoop gesloten|geen tickets|niet meer in ons assortiment|uit het assortiment"
        "|niet meer beschikbaar|momenteel uitverkocht|binnenkort leverbaar|binnenkort verkrijgbaar|nog niet leverbaar"
        "|nog niet verkrijgbaar|weer op voorraad"
        "|levertijd onbekend|verkoop gestopt|voorverkoop gesloten|niet meer boekbaar",
        "reserveer|pre orderen|vooruitbestellen|in nabestelling|nabestelling|nabestelbaar|op bestelling"
        "|op maat gemaakt|wordt op maat gemaakt|op maat",
        "op voorraad|leverbaar|in winkelwagen|in mijn winkelwagen|in winkelmandje|bijna uitverkocht|beschikbaar"
        "|laatste stuks|beperkte voorraad|toevoegen aan winkelwagen|voeg toe aan winkelwagen|bestel nu|koop nu"
        "|direct leverbaar|uit voorraad leverbaar|in winkelmand|laatste exemplaar|weinig voorraad|nog enkele"
        "|laatste artikelen in voorraad|in voorraad|besteld, morgen in huis|besteld morgen in huis|bijna op"
        "|toevoegen aan winkelmandje|laatste exemplaren|voeg aan winkelmand toe|aan winkelmand toevoegen|in mandje"
        "|op voorraad (kan nabesteld worden)"
        "|plaatsen beschikbaar|laatste plaatsen|boek nu|laatste tickets|bestelbaar|verkrijgbaar|snel leverbaar"
        "|bestel tickets|koop tickets|nog beschikbaar|laatste kans|weer leverbaar|nu weer op voorraad|bijna vol"
        "|zolang de voorraad strekt"
        "|laatste kamer|laatste plek|inschrijving open|boekbaar",
    ),
    "pl": (
        "niedostępny|niedostępna|niedostępne|brak w magazynie|brak towaru|wyprzedane|wyprzedany|wyprzedana|powiadom"
        "|wyprzedano|produkt niedostępny|brak na stanie|brak w sprzedaży|chwilowo niedostępny|nakład wyczerpany"
        "|powiadom mnie|powiadom o dostępności|wkrótce w sprzedaży|obecnie brak na stanie|brak produktu|wycofany"
        "|niedostępny w magazynie|brak sztuk"
        "|oferta zakończona|zapisy zamknięte|brak miejsc|odwołane|wypożyczone|rezerwacja zamknięta|bilety wyprzedane"
        "|aukcja zakończona|sprzedaż zakończona|rejestracja zamknięta|brak biletów|brak wolnych terminów"
        "|brak wolnych miejsc|chwilowy brak|czasowo niedostępny|wkrótce dostępny|wkrótce dostępne|wkrótce"
        "|powiadom gdy dostępny|niedostępny online"
        "|sprzedaż zamknięta|licytacja zakończona|termin nieznany",
        "przedsprzedaż|zamówienie przedpremierowe|dostępne na zamówienie|na zamówienie|dostępny na zamówienie"
        "|może być zamówiony"
        "|szyte na miarę|wykonywane na zamówienie"
        "|przedsprzedaży|w przedsprzedaży|zamów w przedsprzedaży",
        "dostępny|dostępna|dostępne|dodaj do koszyka|do koszyka|kup teraz|ostatnie sztuki|w magazynie|na stanie"
        "|ostatnia sztuka|na wyczerpaniu|ostatnie sztuki w magazynie|dostępny od ręki|wysyłka dziś|wysyłka jutro"
        "|mała ilość|duża ilość|średnia ilość|wysyłka natychmiast|prawie wyprzedane|w sprzedaży|kup i zapłać"
        "|wolne miejsca|ostatnie miejsca|kup bilet|kup bilety|ostatnie bilety|do kupienia|dostępny w magazynie"
        "|dostępne w magazynie|jest w magazynie|dostępność natychmiastowa|wysyłka w 24h|bilety dostępne"
        "|zapisy otwarte|ostatni pokój|ostatnie miejsce|sprzedaż trwa",
    ),
    "ru": (
        "нет в наличии|распродано|закончился|закончилась|закончились|нет билетов|нет на складе|сообщить о поступлении"
        "|уведомить о поступлении|ожидается|скоро в продаже|снят с производства|нет в продаже|недоступен|недоступно"
        "|недоступна|товар закончился|уведомить о наличии|отсутствует|раскупили|продано|узнать о поступлении"
        "|скоро в наличии|сообщить о наличии|уведомить меня|уведомить|снято с продажи|временно отсутствует|сообщить"
        "|лист ожидания|ожидается поступление|всё раскупили|все раскупили"
        "|мест нет|нет мест|запись закрыта|регистрация закрыта|все места заняты|билетов нет|продажи закрыты|отменено"
        "|отменен|отменён|на руках|набор закрыт|свободных мест нет|нет свободных мест|аншлаг|объявление снято"
        "|нет записи|продажи завершены|продажа завершена|билеты проданы|товара нет|нет товара|временно нет|распродан"
        "|распродана|распроданы|скоро поступит|скоро появится|ожидаем|в пути|снят с продажи|снята с продажи"
        "|все билеты проданы|временно недоступен"
        "|продажа билетов завершена|аукцион завершен|аукцион завершён|сроки неизвестны",
        "предзаказ|под заказ|предварительный заказ|доступно для предзаказа|доступен предзаказ"
        "|изготовим под заказ|изготовление под заказ",
        "в наличии|в корзину|добавить в корзину|купить|заканчивается|заканчиваются|есть в наличии|есть на складе"
        "|на складе|последние штуки|последний экземпляр|мало|много|достаточно|последний товар|осталось мало|доступно"
        "|доступен|в продаже|купить сейчас|скоро закончится|почти распродано|готов к отправке|последняя штука"
        "|есть места|места есть|есть билеты|купить билет|купить билеты|последние места|свободные места"
        "|билеты в продаже|забрать сегодня|осталась последняя|остался последний|последний|успейте купить|мало билетов"
        "|последние билеты|в корзине|есть в магазине|готов к выдаче|ещё есть|еще есть"
        "|запись открыта|регистрация открыта|последнее место|последний номер|осталось последнее",
    ),
    "uk": (
        "немає в наявності|нема в наявності|закінчився|закінчилась|закінчилося|закінчилися|розпродано"
        "|повідомити про наявність|повідомити коли з'явиться|повідомити, коли з'явиться|очікується"
        "|знято з виробництва|немає на складі|недоступно|недоступний|незабаром у продажу|відсутній|повідомити"
        "|товар закінчився|немає у наявності|відсутній на складі|скоро у продажу"
        "|місць немає|немає місць|реєстрацію закрито|реєстрація закрита|квитків немає|скасовано|немає квитків"
        "|запис закрито|продано|знято з продажу|немає в продажу|тимчасово немає|тимчасово відсутній|очікуємо"
        "|скоро буде|товару немає",
        "передзамовлення|під замовлення|попереднє замовлення|доступно на замовлення",
        "в наявності|у наявності|є в наявності|закінчується|закінчуються|до кошика|в кошик|у кошик|купити"
        "|додати в кошик|додати до кошика|є на складі|на складі|готовий до відправки|готово до відправки|доступно"
        "|є місця|купити квиток|купити квитки|останні місця|є квитки|останній|остання штука|готовий до відправлення"
        "|готово до відправлення|товар в наявності|є в магазині|остання одиниця|доступний|додати у кошик",
    ),
    "bg": (
        "изчерпан|изчерпана|изчерпано|изчерпани|няма в наличност|не е в наличност|няма наличност|уведоми ме|очаквайте"
        "|без наличност|продаден|разпродаден|неналичен|извън наличност|уведомете ме|изчерпана наличност|няма на склад"
        "|не е наличен|изчерпано количество",
        "по поръчка|предварителна поръчка|с предварителна поръчка|предпоръчка",
        "в наличност|наличен|налична|налично|налични|на склад|добави в количката|добавяне в количката|купи"
        "|в количката"
        "|последни бройки|ограничена наличност|последна бройка|има в наличност",
    ),
    "sr": (
        "није на стању|нема на стању|нема на лагеру|распродато|nije na stanju|nema na stanju|nema na lageru"
        "|rasprodato"
        "|obavesti me|trenutno nedostupno|није доступно|obaveštavaj me|obaveštenje na|обавести ме",
        "по поруџбини|po porudžbini|prednarudžbina",
        "на стању|на лагеру|na stanju|na lageru|dodaj u korpu|u korpu|додај у корпу|poslednji komadi",
    ),
    "hr": (
        "rasprodano|nema na zalihi|nije na zalihi|nedostupno|obavijesti me|trenutno nedostupno|nije dostupno"
        "|nedostupan"
        "|nema na skladištu|obavijestite me|rasprodan|nema zaliha|uskoro dostupno|nije dostupan|uskoro u prodaji",
        "prednarudžba|po narudžbi|dostupno po narudžbi|moguća narudžba",
        "na zalihi|dostupno|dostupan|dodaj u košaricu|u košaricu|na skladištu|zadnji komadi|posljednji komadi|kupi"
        "|raspoloživo|raspoloživ|na stanju|kupi odmah",
    ),
    "sl": (
        "ni na zalogi|razprodano|ni na voljo|obvesti me|ni zaloge|obvestite me|trenutno ni na voljo|brez zaloge"
        "|razprodan|kmalu na voljo|obvesti me o zalogi",
        "po naročilu|prednaročilo|dobavljivo po naročilu",
        "na zalogi|na voljo|dodaj v košarico|v košarico|zadnji kosi|zadnji kos|dobavljivo|kupi zdaj|omejena zaloga",
    ),
    "cs": (
        "vyprodáno|nedostupné|nedostupný|hlídat|není skladem|momentálně nedostupné|není k dispozici|hlídat dostupnost"
        "|nelze objednat|hlídací pes|dočasně vyprodáno|prodej ukončen|není na skladě|nedostupná|vyprodaný|vyprodané"
        "|upozornit na dostupnost|upozornit|prodej skončil|nahlásit naskladnění|brzy skladem|již brzy|ukončeno"
        "|dejte mi vědět|dejte vědět|oznámit dostupnost"
        "|plně obsazeno|zrušeno|přihlášky uzavřeny|registrace uzavřena|rozebráno|vypůjčeno|kapacita naplněna"
        "|beznadějně vyprodáno|volná místa nejsou|na dotaz|připravujeme|již není v prodeji|prodej byl ukončen"
        "|vyprodána|není v prodeji|dočasně nedostupné|dočasně nedostupný|aktuálně nedostupné",
        "předobjednat|předobjednávka|předprodej|na objednávku|k dispozici na objednávku",
        "skladem|do košíku|vložit do košíku|přidat do košíku|poslední kusy|poslední kus|k dispozici|na skladě|koupit"
        "|téměř vyprodáno|ihned k odeslání|ihned k odběru|poslední kusy skladem|dostupné|k odeslání ihned|dostupný"
        "|skladem u dodavatele|přidat do nákupního košíku|brzy vyprodáno"
        "|volná místa|koupit vstupenky|poslední místa|expedujeme ihned|skladem v e shopu|ihned k dodání"
        "|poslední vstupenky|koupit vstupenku|skladem ihned",
    ),
    "sk": (
        "vypredané|nie je na sklade|nie je skladom|momentálne nedostupné|strážiť dostupnosť|nedostupné|nedostupný"
        "|nie je k dispozícii|dočasne vypredané|upozorniť|nie je dostupné|strážiť|predaj skončil|nie je na sklade"
        "|dočasne nedostupné|vypredaný|upozorniť na dostupnosť|upozorni ma|dajte mi vedieť"
        "|zrušené|registrácia uzavretá|kapacita naplnená|rozpredané|momentálne vypredané|nie je v predaji|pripravujeme"
        "|na dopyt",
        "predobjednávka|predobjednať|na objednávku|dostupné na objednávku|predpredaj",
        "na sklade|skladom|do košíka|pridať do košíka|vložiť do košíka|posledné kusy|posledný kus|k dispozícii|kúpiť"
        "|dostupné|takmer vypredané|ihneď k odberu|ihneď na odoslanie"
        "|voľné miesta|kúpiť vstupenky|posledné miesta|posledné vstupenky|ihneď k dispozícii|skladom ihneď",
    ),
    "sv": (
        "slutsåld|slutsålt|slutsålda|slut i lager|finns ej i lager|meddela mig|slut|ej i lager|inte i lager|bevaka"
        "|tillfälligt slut|utgått|finns inte i lager|ej tillgänglig|inte tillgänglig|kommer snart|ej köpbar"
        "|bevaka produkten|slut på lager|meddela när|åter i lager snart|utgången|ej tillgängligt|inte tillgängligt"
        "|få ett mejl när|mejla mig när|ställ dig i kö|väntelista"
        "|fullbokad|fullbokat|fulltecknad|anmälan stängd|anmälan är stängd|inställt|utlånad|utsåld|utsålt|inga platser"
        "|inga lediga platser|fullsatt|utgått ur sortimentet|slut i webblagret|slut online|ej i webblager"
        "|tillfälligt slutsåld|går ej att köpa|går inte att köpa|kommer i lager",
        "förbeställ|förbeställning|förhandsboka|beställningsvara|restnoterad|tillgänglig för restorder|förköp|boka nu"
        "|restnotering|kan restnoteras",
        "i lager|lägg i varukorg|lägg i kundvagn|lägg i varukorgen|köp|finns i lager|få i lager|snart slutsåld|köp nu"
        "|snart slut|få kvar|några få kvar|lägg till i varukorg|lägg i kundvagnen|skickas idag|tillgänglig"
        "|begränsat antal|fåtal i lager|sista exemplaren|sista exemplaret|fåtal kvar|i webblager|nästan slut"
        "|nästan slutsåld|tillgängligt|skickas inom"
        "|platser kvar|lediga platser|få platser kvar|boka plats|köp biljett|köp biljetter|få biljetter kvar"
        "|finns i webblager|finns online|i butik|sista chansen|få platser|finns i webblagret|skickas omgående",
    ),
    "da": (
        "udsolgt|ikke på lager|giv mig besked|få besked|midlertidigt udsolgt|udgået|ikke tilgængelig|kommer snart"
        "|ikke længere tilgængelig|skriv mig op|ventelist|venteliste|ikke på lager|underret mig|på vej hjem"
        "|får besked|besked når|restordre|advisér mig|ikke muligt at købe|ikke til rådighed"
        "|fuldt booket|fuldtegnet|tilmelding lukket|aflyst|udlånt|ingen ledige pladser|alt optaget"
        "|ikke længere på lager|udsolgt online|kan ikke købes|udgår|på vej|forventes på lager",
        "forudbestil|forudbestilling|bestillingsvare|på restordre|kan bestilles|skaffevare",
        "på lager|læg i kurv|få på lager|føj til kurv|tilføj til kurv|læg i indkøbskurv|få tilbage|tilgængelig"
        "|næsten udsolgt|snart udsolgt|køb nu|få stk. på lager|sidste på lager|begrænset antal|tilføj til indkøbskurv"
        "|fjernlager|få stk|sidste eksemplar|sendes i dag|klar til afsendelse|til rådighed"
        "|ledige pladser|få pladser|køb billet|køb billetter|få billetter|leveringsklar|på fjernlager|sidste stk"
        "|på lager online|få tilbage på lager|afsendes i dag",
    ),
    "nb": (
        "utsolgt|ikke på lager|gi meg beskjed|varsle meg|midlertidig utsolgt|utgått|ikke tilgjengelig|kommer snart"
        "|få beskjed|meld på venteliste|si fra når|ikke lenger tilgjengelig|få varsel|venteliste|ikke på nettlager"
        "|gi beskjed|varsle når|kan ikke bestilles|få melding"
        "|fullbooket|fulltegnet|påmelding stengt|avlyst|utlånt|ingen ledige plasser|ventes inn|midlertidig tom"
        "|tomt på lager|utgått fra sortimentet|ikke i salg|kommer på lager",
        "forhåndsbestill|forhåndsbestilling|bestillingsvare|restordre|forhåndsbestilles|kan restes"
        "|på restorder|i restordre",
        "på lager|på nettlager|legg i handlekurv|legg i handlekurven|kjøp|få på lager|få igjen|tilgjengelig|kjøp nu"
        "|nesten utsolgt|snart utsolgt|kjøp nå|begrenset antall|legg til i handlekurv|sendes i dag|fåtall på lager"
        "|siste eksemplar|klar til sending"
        "|ledige plasser|få plasser igjen|kjøp billett|kjøp billetter|få billetter|klar for sending|få på nettlager"
        "|siste på lager",
    ),
    "fi": (
        "loppuunmyyty|ei varastossa|loppu|tilapäisesti loppu|ilmoita kun saatavilla|ei saatavilla|loppunut|poistunut"
        "|loppu varastosta|ilmoita minulle|tulossa pian|varasto loppu|ei saatavissa|ei myynnissä"
        "|ilmoita saatavuudesta"
        "|poistunut valikoimasta|tuote on loppu|tilapäisesti loppunut|loppuunmyydyt|myyty loppuun|jonotuslista"
        "|ei ole varastossa|ei ole saatavilla|saatavuusilmoitus"
        "|ilmoittautuminen päättynyt|ilmoittautuminen on päättynyt|täynnä|peruttu|lainassa|loppuunvarattu"
        "|ei vapaita paikkoja|loppu verkkokaupasta|tilapäisesti pois|ei tilattavissa|tulossa",
        "ennakkotilaa|ennakkotilattavissa|ennakkotilaus|tilaustuote|jälkitoimitus|ennakkomyynti|tilattavissa"
        "|saatavilla jälkitoimituksena",
        "varastossa|lisää ostoskoriin|saatavilla|muutama jäljellä|lisää koriin|osta|viimeiset kappaleet|melkein loppu"
        "|osta nyt|heti toimitettavissa|viimeinen kappale|vähän jäljellä|saatavissa|lähes loppuunmyyty|rajoitetusti"
        "|loppumassa|pian loppu|toimitettavissa|toimitusvalmis"
        "|vapaita paikkoja|paikkoja jäljellä|osta lippu|osta liput|hyllyssä|heti saatavilla|vielä saatavilla"
        "|viimeiset paikat|lisää ostoskärryyn",
    ),
    "hu": (
        "elfogyott|nincs raktáron|értesítést kérek|nem elérhető|jelenleg nem elérhető|nem rendelhető|kifutott"
        "|készlethiány|nincs készleten|hamarosan|értesítsen|értesítést kérek ha|nem kapható|jelenleg nem kapható"
        "|nem vásárolható|elfogyott a készlet|átmenetileg nem elérhető|értesítés kérése|megszűnt"
        "|értesíts|kifogyott"
        "|betelt|elkelt|minden jegy elkelt|jelentkezés lezárult|nincs szabad hely|kikölcsönözve|teltház|törölve"
        "|átmenetileg nincs|beszerzés alatt|már nem rendelhető|készlet erejéig elfogyott|nincs készlet"
        "|elfogyott jegyek|hamarosan érkezik|nincs raktárkészlet",
        "előrendelés|előrendelhető|előjegyzés|előrendelem|rendelésre|utórendelhető|előjegyezhető",
        "raktáron|készleten|kosárba|kosárba teszem|elérhető|utolsó darabok|utolsó darab|azonnal szállítható"
        "|rendelhető"
        "|kosárba rakom|kapható|megveszem|megvásárolom|azonnal elvihető|hozzáadás a kosárhoz|hamarosan elfogy"
        "|alacsony készlet|van raktáron|kosárba helyezés|fogyóban|majdnem elfogyott"
        "|szabad helyek|van szabad hely|jegyvásárlás|utolsó helyek|kölcsönözhető|készleten van|raktárról"
        "|azonnal átvehető|jegyek kaphatók",
    ),
    "ro": (
        "stoc epuizat|epuizat|epuizată|nu este în stoc|nu e în stoc|indisponibil|anunță mă|stoc 0|fără stoc"
        "|indisponibilă|anunță mă când revine|momentan indisponibil|alertă stoc|notifică mă|lipsă stoc"
        "|stoc indisponibil"
        "|nu mai este disponibil|în curând|anunţă mă|nu este in stoc|nu este disponibil|anunta ma|vândut|retras"
        "|stocul este epuizat|lipsa stoc|notificare stoc|notifica ma|înștiințează mă|nu mai este în stoc"
        "|nu mai e în stoc|nu sunt în stoc|nu mai este in stoc|nu este pe stoc"
        "|înscrieri închise|locuri epuizate|bilete epuizate|nu mai sunt locuri|ofertă expirată|temporar indisponibil"
        "|nu este disponibilă|nu mai este disponibilă|revine în stoc|în aprovizionare|produs indisponibil|stoc zero",
        "precomandă|precomanda|la comandă|la comanda|disponibil la comandă|disponibil la precomandă|la precomandă",
        "în stoc|in stoc|stoc limitat|adaugă în coș|adaugă în coşul|disponibil|disponibilă|ultimele produse"
        "|ultimul produs"
        "|cumpără|ultimele bucăți|stoc suficient|adauga in cos|ultimele bucăți în stoc|ultimele produse în stoc"
        "|adaugă în coşul de cumpărături|în stoc furnizor|cumpără acum|aproape epuizat|adaugă în coş"
        "|locuri disponibile|ultimele locuri|cumpără bilete|bilete disponibile|ultima bucată|livrare imediată"
        "|disponibil imediat|stoc magazin|ultimele bilete|adaugă in coș|stoc redus",
    ),
    "el": (
        "εξαντλημένο|εξαντλήθηκε|μη διαθέσιμο|εκτός αποθέματος|ειδοποίησέ με|δεν είναι διαθέσιμο|ενημερώστε με"
        "|εξαντλημένη|εξαντλημένα|έχει εξαντληθεί|προσωρινά εξαντλημένο|προσωρινά μη διαθέσιμο|ενημέρωσέ με"
        "|αναμένεται"
        "|εξαντλημένος|δεν υπάρχει απόθεμα|δεν διατίθεται|μη διαθέσιμα|ειδοποίηση διαθεσιμότητας|σύντομα κοντά σας"
        "|ακυρώθηκε|πουλήθηκε|εξαντλήθηκαν|δεν υπάρχουν θέσεις|οι εγγραφές έκλεισαν|προσεχώς|σύντομα διαθέσιμο"
        "|τα εισιτήρια εξαντλήθηκαν|μη διαθέσιμη|χωρίς απόθεμα",
        "προπαραγγελία|κατόπιν παραγγελίας|προ παραγγελία|με παραγγελία",
        "σε απόθεμα|διαθέσιμο|άμεσα διαθέσιμο|προσθήκη στο καλάθι|τελευταία κομμάτια|διαθέσιμα|αγορά|στο καλάθι"
        "|άμεση παραλαβή|άμεσα διαθέσιμα|σχεδόν εξαντλημένο|περιορισμένη διαθεσιμότητα|τελευταίο κομμάτι|διαθέσιμη"
        "|άμεσα διαθέσιμη|ετοιμοπαράδοτο|περιορισμένο απόθεμα|αγοράστε τώρα"
        "|διαθέσιμες θέσεις|τελευταίες θέσεις|τελευταία εισιτήρια|παράδοση σήμερα|έτοιμο για αποστολή",
    ),
    "lt": (
        "išparduota|nėra sandėlyje|neturime|prekės nėra|pranešti|nėra prekyboje|praneškite|šiuo metu nėra|nebėra"
        "|nėra likučio|pranešti kai atsiras|baigėsi|prekės neturime|laikinai nėra|nepasiekiama|neprieinama",
        "išankstinis užsakymas|pagal užsakymą|užsakoma prekė",
        "yra sandėlyje|turime|į krepšelį|sandėlyje|įdėti į krepšelį|prekė yra|paskutinės prekės|paskutiniai vienetai"
        "|pirkti|paskutinė prekė|liko nedaug|prieinama|pasiekiama|pridėti į krepšelį",
    ),
    "lv": (
        "izpārdots|nav noliktavā|nav pieejams|paziņot man|nav pieejama|nav uz vietas|izpārdota|beidzies|paziņot"
        "|šobrīd nav pieejams|nav krājumā|īslaicīgi nav pieejams",
        "priekšpasūtījums|uz pasūtījumu|pēc pasūtījuma",
        "ir noliktavā|noliktavā|pieejams|likt grozā|pievienot grozam|ielikt grozā|pirkt|pēdējie|pieejama|ir uz vietas"
        "|ir pieejams|krājumā|pēdējās vienības|pēdējās preces"
        "|ievietot grozā|pievienot grozam|ielikt grozā",
    ),
    "et": (
        "läbi müüdud|laost otsas|otsas|pole laos|ei ole laos|teavita mind|pole saadaval|ei ole saadaval|välja müüdud"
        "|ajutiselt otsas|läbimüüdud|teavita kui saadaval|toode on otsas|mitte saadaval",
        "ettetellimine|eeltellimus|tellimisel|eeltellimisel|tellitav",
        "laos|laos olemas|lisa ostukorvi|lisa korvi|saadaval|viimased tükid|viimased tooted|osta|kohe saadaval"
        "|viimane toode|osta kohe",
    ),
    "eu": (
        "eskuraezina|ez dago eskuragarri|agortuta|agortua|abisatu|ez dago stockean",
        "aurrez erosi|aurreskaera",
        "eskuragarria|eskuragarri|orgara gehitu|saskira gehitu|stockean|gehitu saskira|saskira gehitu|erosi orain",
    ),
    "ka": (
        "მიუწვდომელი|არ არის მარაგში|ამოიწურა|არ არის ხელმისაწვდომი|გაყიდულია|შემატყობინე",
        "წინასწარი შეკვეთა",
        "მარაგშია|გაყიდვაშია|ხელმისაწვდომი|ხელმისაწვდომია|კალათაში დამატება|ყიდვა",
    ),
    "is": (
        "uppselt|ekki til á lager|ekki til|væntanlegt|ekki fáanlegt",
        "forpanta|forsala",
        "til á lager|á lager|setja í körfu|bæta í körfu|fáanlegt|kaupa núna",
    ),
    "mk": (
        "нема на залиха|распродадено|не е достапно|нема залиха",
        "по нарачка",
        "на залиха|достапно|додај во кошничка|во кошничка",
    ),
    "sq": (
        "nuk ka në stok|nuk ka stok|jashtë stokut|e padisponueshme|nuk disponohet",
        "me porosi",
        "në stok|shto në shportë|në gjendje|bli tani",
    ),
    "az": (
        "stokda yoxdur|mövcud deyil|anbarda yoxdur|satışda yoxdur|stokda bitib",
        "ön sifariş",
        "stokda var|stokda|mövcuddur|səbətə əlavə et|səbətə at|anbarda var|satışda var",
    ),
    "kk": (
        "қоймада жоқ|таусылды|сатылып кетті|қолжетімсіз",
        "алдын ала тапсырыс",
        "қоймада бар|себетке|себетке салу|сатып алу|қолжетімді",
    ),
    "hy": ("առկա չէ|սպառվել է|վաճառված է", "նախապատվեր", "առկա է|ավելացնել զամբյուղ|գնել"),
    "uz": (
        "sotuvda yo'q|mavjud emas|tugagan|sotib bo'lingan",
        "oldindan buyurtma",
        "mavjud|savatga|savatga qo'shish|sotuvda bor|savatchaga qo'shish|savatga solish",
    ),
    "tl": (
        "ubos na|walang stock|hindi available|wala nang stock",
        "i pre order",
        "idagdag sa cart|may stock|bilhin ngayon",
    ),
    "af": ("nie in voorraad nie|nie beskikbaar nie", "vooraf bestel", "in voorraad|voeg by mandjie|beskikbaar"),
    "tr": (
        "tükendi|stokta yok|stoklarda yok|gelince haber ver|haber ver|stokta bulunmamaktadır|stok dışı|satışa kapalı"
        "|temin edilemiyor|geçici olarak temin edilemiyor|yakında|satışta değil|mevcut değil|stoğa gelince haber ver"
        "|stok yok|stok tükendi|tükenmiştir|stoğu tükendi|stokta değil|üretimi durduruldu|bekleme listesi|tükenmiş"
        "|stokta kalmadı|stoklarımızda bulunmamaktadır|ürün tükendi|gelince bildir|uygun değil|beni bilgilendir"
        "|bilgilendir|duyuru gönder"
        "|kontenjan dolu|kontenjan doldu|kayıtlar kapandı|iptal edildi|biletler tükendi|yer kalmadı|satış durduruldu"
        "|ilan yayından kaldırılmıştır|rezervasyon kapalı|ürün stokta yok|satışı durduruldu|satışta yok"
        "|tedarik edilemiyor|temin edilememektedir|satışa sunulmamaktadır|satışa sunulacak|çok yakında"
        "|kayıt kapalı|kayıtlar kapalı|açık artırma sona erdi|rezervasyona kapalı",
        "ön sipariş|ön satış|siparişe özel|ön siparişte|sipariş üzerine|kişiye özel üretim|sipariş üzerine üretilir",
        "stokta var|stokta|sepete ekle|tükenmek üzere|hemen al|satın al|son ürün|son ürünler|stoklarda|mevcut"
        "|stokta mevcut"
        "|aynı gün kargo|hızlı teslimat|bugün kargoda|yarın kargoda|sınırlı stok|son stoklar|stoktan teslim|az kaldı"
        "|stoklarda var|azalan stok|sınırlı sayıda stok|hemen kargoda"
        "|kontenjan var|yer var|bilet al|son biletler|son yerler|satışta|hemen teslim|son fırsat|son adet"
        "|stoktan hemen teslim|sepete at|kargoya hazır"
        "|kayıtlar açık|son oda|son yer",
    ),
    "vi": (
        "hết hàng|tạm hết hàng|thông báo khi có hàng|ngừng kinh doanh|hàng sắp về|cháy hàng|tạm ngừng kinh doanh"
        "|đã bán hết|không còn hàng|liên hệ khi có hàng|đã hết hàng|hết vé|nhận thông báo khi có hàng|sắp ra mắt"
        "|báo khi có hàng|không có sẵn|sắp có hàng|chưa có hàng|không sẵn có|thông báo cho tôi|về kho"
        "|hết chỗ|đã hủy|hết phòng|ngừng bán|hết suất|đã đóng đăng ký|không bán|ngưng kinh doanh|ngừng sản xuất"
        "|liên hệ đặt hàng|sắp về hàng",
        "đặt trước|đặt hàng trước",
        "còn hàng|thêm vào giỏ hàng|mua ngay|có sẵn|có hàng|thêm vào giỏ|sắp hết hàng|sắp cháy hàng|sẵn hàng|chọn mua"
        "|sắp hết|còn ít hàng|sẵn sàng giao|sắp bán hết|còn vé|sẵn có"
        "|còn chỗ|còn phòng|còn suất|hàng có sẵn|giao ngay|còn ít|mua vé",
    ),
    "id": (
        "stok habis|habis|habis terjual|beri tahu saya|stok kosong|kosong|tidak tersedia|ingatkan saya|barang habis"
        "|belum tersedia|segera hadir|produk habis|terjual habis|kehabisan stok|tidak ada stok|stok tidak tersedia"
        "|daftar tunggu|maklumkan saya|kehabisan stok|telah habis dijual|tiada stok|beritahu saya|stok sedang kosong"
        "|pendaftaran ditutup|penuh|dibatalkan|tiket habis|kuota penuh|tidak dijual|dipinjam|stok barang kosong"
        "|produk tidak tersedia|penjualan berakhir|habis dijual|akan datang|stok belum tersedia",
        "pre order|prapesan|inden|pra pesan|prapesanan|prapesan sekarang",
        "stok tersedia|tersedia|tambah ke keranjang|masukkan keranjang|beli sekarang|stok terbatas|segera habis"
        "|+ keranjang"
        "|hampir habis|stok menipis|ready stock|tambahkan ke keranjang|masukkan ke keranjang|beli|ada stok|stok ada"
        "|tambah ke troli|dalam stok|stok hampir habis|siap kirim|stok ada|sisa sedikit|stok sisa sedikit"
        "|tambahkan pada keranjang"
        "|kuota tersedia|kursi tersedia|beli tiket|stok terakhir|barang ready|ready|stok banyak|beli langsung"
        "|tambah ke bakul|tinggal sedikit",
    ),
    "ar": (
        "غير متوفر|نفدت الكمية|نفد من المخزون|نفذت الكمية|غير متاح|أعلمني عند التوفر|غير متوفرة|نفد|نفذ|نفدت"
        "|بيعت بالكامل"
        "|أبلغني عند التوفر|أخبرني عند التوفر|نبهني عند التوفر|نفذ من المخزون|قريبا|قريبًا|غير متوفر حاليا"
        "|نفد المخزون"
        "|غير متوفر حالياً|غير متوفر بالمخزون|غير متوفر في المخزون|غير متاحة|مباع|انتهت الكمية|قائمة الانتظار|أبلغني"
        "|سيتم إعلامك|أعلمني|نبهني|أخبرني"
        "|مكتمل|اكتمل العدد|التسجيل مغلق|تم البيع|نفدت التذاكر|غير متوفر مؤقتا|انتهى المخزون|غير متوفر الآن"
        "|سيتوفر قريبا",
        "طلب مسبق|طلب مُسبق|متاح للطلب المسبق|اطلب مسبقًا|الطلب المسبق|اطلب مسبقا|متوفر للطلب المسبق|حجز مسبق",
        "متوفر|متوفرة|متاح|أضف إلى السلة|أضف للسلة|في المخزون|اشتر الآن|متوفر في المخزون|اشتري الآن|إضافة إلى السلة"
        "|الكمية محدودة|أضف إلى عربة التسوق|كمية محدودة|متوفر بالمخزون|إضافة للسلة|على وشك النفاد|قارب على النفاد"
        "|متاحة|أضف الى السلة|أضف الى سلة التسوق|أضف إلى سلة التسوق"
        "|تذاكر متاحة|اشتر الان|أضف لسلة التسوق|شراء الآن|متوفر الآن|احجز الآن",
    ),
    "fa": (
        "ناموجود|موجود نیست|به من اطلاع بده|تمام شد|اتمام موجودی|موجود شد به من اطلاع بده|به زودی|توقف تولید|خبرم کن"
        "|در انبار موجود نیست|موجود شد خبرم کن|تمام شده|در دسترس نیست|عدم موجودی|به من خبر بده",
        "پیش فروش|پیش خرید|پیش سفارش",
        "موجود|موجود در انبار|افزودن به سبد خرید|افزودن به سبد|در انبار|در انبار موجود است|خرید|موجود است|در دسترس"
        "|اضافه کردن به سبد|اضافه به سبد",
    ),
    "he": (
        "אזל מהמלאי|אזל|לא במלאי|חסר במלאי|עדכנו אותי|הודיעו לי|לא זמין|המלאי אזל|עדכן אותי|אזל במלאי|אין במלאי"
        "|נגמר המלאי"
        "|עדכנו אותי כשיחזור|הודע לי כשיחזור|הודע לי|לא זמינה|בקרוב|עדכנו אותי כשהמוצר חוזר|המוצר אזל|חסר"
        "|כרגע לא במלאי"
        "|אזל מן המלאי|זמנית לא במלאי"
        "|ההרשמה נסגרה|נמכר|בוטל|אין מקומות|נגמרו הכרטיסים|אזלו הכרטיסים|אין מלאי|לא קיים במלאי|נגמר|הפסקת ייצור"
        "|לא ניתן להזמין",
        "הזמנה מוקדמת|הזמנה מראש|מכירה מוקדמת|זמין בהזמנה מראש|ניתן להזמין מראש",
        "במלאי|קיים במלאי|הוספה לסל|הוסף לסל|זמין|יש במלאי|זמין במלאי|מלאי מוגבל|אחרונים במלאי|קנה עכשיו|כמעט אזל"
        "|הוספה לעגלה|הוסף לעגלה|הוספה לעגלת הקניות|עומד לאזול|פריטים אחרונים|זמינה|זמין מיידית"
        "|יש מקומות|מקומות אחרונים|רכישת כרטיסים|לרכישה|הוסיפו לסל|אחרון במלאי|במלאי מיידי|לרכישת כרטיסים|מוכן למשלוח",
    ),
    "cy": (
        "allan o stoc|ddim mewn stoc",
        "rhagarchebu",
        "mewn stoc|ychwanegu at y fasged|ychwanegu i'r fasged|prynu nawr",
    ),
    "ga": ("as stoc", "réamhordú", "i stoc|cuir sa chiseach|cuir sa chliabhán|cuir leis an gciseán|ceannaigh anois"),
    "gl": ("esgotado|sen existencias", "reserva", "engadir ao carriño|engadir ao carro|engadir á cesta|mercar agora"),
    "be": ("няма ў наяўнасці", "перадзаказ", "ёсць у наяўнасці|дадаць у кошык|у кошык|купіць"),
    "mt": ("mhux disponibbli", "", "żid mal basket|żid fil basket|żid fil karrettun|ixtri issa"),
    "sw": (
        "imeisha|haipatikani",
        "agiza mapema",
        "weka kwenye kikapu|ongeza kwenye kikapu|ongeza kwenye rukwama|nunua sasa",
    ),
    "so": ("", "", "ku dar gaadhiga|ku dar dambiisha|hadda iibso"),
    "mn": ("дууссан", "урьдчилан захиалах", "сагсанд нэмэх|сагслах|сагсанд хийх|худалдан авах"),
    "tg": ("", "", "ба сабад илова кардан|ба сабад"),
    "tk": ("", "", "sebede goş|satyn al"),
    "ku": ("", "", "li selikê zêde bike|têxe selikê"),
}

PARTS: Final[dict[str, tuple[str, str, str]]] = {
    "zh": (
        "售罄|无座|已失效|无法购买|無法購買|有货时通知|有货提醒|有货后通知|有貨通知|有货通知|到货提醒|到貨提醒|售完"
        "|售空"
        "|缺货|缺貨|无票|無票|无货|無貨|没货|沒貨|没有货|沒有貨|约满|額滿|额满|名额已满|即将开售|即將開賣|即将开抢"
        "|即将上架|即將上架|即将发售|即將發售|尚未开售|尚未開賣|暂未开售|未开售|未开始|暂停销售|暫停銷售|停止销售"
        "|停止銷售|停售|候补|候補|补货中|補貨中|待补货|待補貨|等待补货|补货通知|補貨通知|上架通知|到货通知|到貨通知"
        "|貨到通知|货到通知|开售提醒|开抢提醒|缺货登记|缺货通知|已下架|下柜|已售出|抢光|搶光|抢完|搶完|订完|已订满"
        "|满房|客满|滿座|库存不足|庫存不足|沒有庫存|没有库存|无库存|無庫存|暂无库存|暫無庫存|没有现货|无现货|無現貨"
        "|沒有現貨|无余票|没有余票|已结束|已截止|活动结束|不可售|不可购买|不可预约|不可预订|暂不可|预约已满|预售结束"
        "|预约结束|报名结束|敬请期待|敬請期待|即将推出|即將推出|补货提醒|補貨提醒|暂不支持配送|不支持配送|无法配送"
        "|卖完了|卖光|賣完|賣光|卖完|完售|即将补货|即將補貨|即将到货|即將到貨|即将上市|即將上市|已断货|断货|斷貨"
        "|絕版|绝版|停产|停產|暂不销售|暫不販售|停止販售|暫停販售|暫時無法購買|暂时无法购买|加入候补|补货后通知"
        "|到货后通知|来货通知|暂无报价|暂无|暫無現貨|貨到請通知我|到货请通知|可訂購時通知|热销断货|补货ing|已沽清"
        "|沽清|缺貨登記|无剩余|库存为0|库存为零|庫存為0|庫存為零|尚无库存|目前没有|目前沒有庫存|商品不存在|已售馨"
        "|有货时|到货时|有貨時|到貨時|通知邮件|通知我|提醒我|發送通知|发送通知|銷售一空|銷一空|销售一空|一抢而空"
        "|不支持销售|不支持購買|不支持购买|报名已满|已报满|已满员|满员|人数已满|停止报名|报名截止|报名已截止|停止接单"
        "|取消演出|演出取消|已取消|已借出|不可借|暂停预约|停止预约|停诊|无号|号源已满|号满"
        "|已下线|宝贝不存在|商家休息|暂停营业|預約已滿|已額滿|名額已滿|報名截止|報名已截止|報名額滿|尚未開放|未开放"
        "|未開放|停止報名|已停售|缺票登记|缺票|已抢空|抢空|已罄|暂未上架|未上架|补货在途|已售空"
        "|售磬|已无库存|已無庫存|无可用库存|已无票|已搶光|已購完|停止供应|商品已失效|暂不售卖|不售|无法下单|無法下單"
        "|不能购买|销售已结束|销售结束|停止出售"
        "|停止挂号|已抢100%"
        "|未到开售|拍卖结束|竞拍结束|截止报名|暂未到货|未到货",
        "预售|预约抢购|預售|预订|預訂|预定|預購|预购|缺货预订|缺货预定|立即预约|支付定金|付定金|全款预定|定金预售"
        "|新品预约|接受预订|接受預訂|可延期交货|可延期交貨|允许缺货订购|可預購|接單製作|按单生产|预付定金|接單生產"
        "|立即預購|立即预购|缺貨可預訂|缺货可预订|可缺货下单"
        "|定制商品|按需定制",
        "有票|有余票|抢票中|已补货|立刻购买|开放预约|有货|有貨|现货|現貨|尚有庫存|有库存|有庫存|库存充足|庫存充足"
        "|库存紧张|庫存緊張|余票充足|余票紧张|余票较多|立即购买|立即購買|加入购物车|加入購物車|放入購物車|加购物车"
        "|马上抢|立即抢购|马上抢购|立即购票|特惠购票|选座购买|选座购票|立即订购|立即訂購|立即预订|马上预订|可预约"
        "|可预订|可預訂|可购买|可約|可约|直接購買|去购买|领券购买|立即下单|热卖中|热售中|在售|销售中|销售中|售票中"
        "|有座|即将售完|即將售完|即将售罄|即將售罄|即将售空|即将抢光|即将抢完|快要售罄|快要卖完|即将卖完|快售罄"
        "|快卖完"
        "|快售完|快抢光|几近售罄|所剩不多|所剩无几|仅剩少量|僅剩少量|少量库存|少量庫存|少量现货|少量現貨|库存不多"
        "|庫存不多|库存有限|庫存有限|最后一件|最後一件|放入购物车|添加到购物车|加到购物车|添加至购物车|加入购物袋"
        "|加入購物袋|立刻購買|马上购买|馬上購買|當日出貨|当日发货|当天发货|今日发货|今日出貨|今天发货|明天发货"
        "|明日发货"
        "|次日达|次日送达|即刻發貨|立即发货|立即出貨|闪电发货|现在购买|現在購買|有存货|有存貨|库存偏低|庫存偏低"
        "|低库存|低庫存|即将缺货|即將缺貨|库存告急|即将断货|明天送达|今日达|热销中|熱銷中|熱賣中|現正販售|销售火爆"
        "|可下单"
        "|加入購物籃|加入购物篮|仅剩一件|僅剩一件|剩余不多|庫存尚足|已到货|已到貨|最后几件|最後幾件|快速到货|可订购"
        "|可訂購|快賣完|即將賣完|快要賣完|快缺貨|售罄在即"
        "|可借阅|在架|在馆|我要报名|立即报名|报名中|可报名|有号|立即挂号|有房|名额充足|尚有名额|仍有名额|尚有名額"
        "|仍有名額|尚有座位|有现票|现票|去抢购|马上买|直接购买|立即拼单|发起拼单|去拼单|单独购买"
        "|少量余票|余票不多|库存较少|现有库存|有現貨|現貨供應|门票预订|仅剩最后|手慢无|最后几席|即將完售|即将完售"
        "|立即抢|售完即止|卖完即止|售完為止",
    ),
    "ja": (
        "満席|注文できません|在庫切れ|在庫なし|在庫無し|在庫がありません|在庫はありません|売り切れ|売切れ|売切|品切れ"
        "|品切|完売|入荷待ち|再入荷お知らせ|再入荷のお知らせ|再入荷通知|再入荷待ち|再入荷リクエスト|再入荷予定"
        "|次回入荷未定|入荷お知らせ|入荷のお知らせ|お取り扱いできません|取り扱いできません|販売を終了|販売終了"
        "|予約受付終了|受付終了|予約終了|取扱終了|近日発売|キャンセル待ち|予定枚数終了|販売期間外|予約締切"
        "|予約締め切り|入荷したら知らせ|入荷時に通知|欠品|入荷未定|販売休止|受付停止|販売停止|販売準備中|近日入荷"
        "|購入できません|在庫がございません|ただいま品切れ|入荷連絡|再入荷メール|生産終了|近日販売|受付を終了|絶版"
        "|在庫ゼロ|再販売のお知らせ|再販通知|現在ご購入いただけません|購入いただけません|取扱い終了|取り扱い終了"
        "|お取り扱いしておりません|販売開始前|入荷通知|売切御免|再入荷をお知らせ|再販待ち|在庫無|満室|空席なし"
        "|売り切り御免|再入荷した際|メールでお知らせ|お知らせを受け取|入荷した際|再入荷時|在庫:なし|在庫: なし"
        "|在庫 なし|在庫:無|在庫 無"
        "|受付は終了|予約受付は終了|予約受付を終了|満員|定員に達し|締切りました|締め切りました|申込終了|募集終了"
        "|貸出中|販売は終了|受付前|予約不可|空きなし|空き無し|キャンセル待|公演中止|開催中止|販売中止"
        "|落札済|オークションは終了|取扱い中止|入荷予定なし|売切れました|予約は締め切|予約枠は埋ま|在庫確認中"
        "|完売しました|次回入荷|入荷次第ご連絡|予定数終了|予定数に達し|規定数に達し|終売"
        "|販売期間 終了|販売期間終了"
        "|予約は終了|販売予定|受付開始前|申込は終了|応募締切|オークション終了|受付終了しました",
        "予約受付中|予約受付|予約する|予約注文|予約商品|予約購入|予約販売|受注生産|ご予約受付中|予約可能|先行予約"
        "|バックオーダー|入荷次第発送|入荷次第お届け|取り寄せ注文|お取り寄せ可能|予約カート|予約可|受注販売|受注製作"
        "|お取り寄せ商品|お取寄せ商品|お取寄商品"
        "|オーダーメイド",
        "残席わずか|受付中|再入荷しました|在庫あり|在庫有り|在庫残少|在庫わずか|残りわずか|カートに入れる"
        "|カートに追加"
        "|今すぐ買う|購入する|購入手続き|販売中|即納|残り僅か|在庫僅少|在庫有|在庫僅か|在庫少|在庫少々|完売間近"
        "|売り切れ間近|品切れ間近|売切れ間近|まもなく完売|まもなく売り切れ|在庫がわずか|即日出荷|即日発送|当日出荷"
        "|当日発送|本日出荷|本日発送|翌日出荷|翌日配達|翌日お届け|明日お届け|あす楽|カートへ入れる|買い物かごに入れる"
        "|かごに入れる|バッグに入れる|ショッピングカートに入れる|カートに入れます|今すぐ購入|残少|在庫限り|在庫豊富"
        "|在庫充分"
        "|在庫あります|在庫がございます|在庫ございます|お買い物カゴに入れる|買い物カゴに入れる|カートへ追加|空席あり"
        "|残りあと|ラスト1点|最後の1点|空室あり|在庫があります|在庫十分|即出荷|即時発送|在庫:あり|在庫: あり"
        "|在庫 あり|在庫:有|在庫 有"
        "|空きあり|空き有|募集中|貸出可|在架|ご購入いただけます|購入可能|購入できます|在庫残りわずか|注文する|注文可能"
        "|カゴに入れる|カゴに追加|かごに追加|カートに入れて|明日届く|本日中に発送|残席あり"
        "|残りあとわずか|ご注文可|在庫復活|再販しました",
    ),
    "ko": (
        "품절|매진|재입고 알림|재입고알림|재입고 예정|재입고예정|재입고 요청|재고 없음|재고없음|판매 종료|판매종료"
        "|판매중지|판매 중지|입고 알림|입고알림|구매 불가|구매불가|출시 예정|출시예정|예약 마감|재고가 없습니다"
        "|재고가 없"
        "|판매중단|판매 중단|단종|일시품절|재고 부족으로 구매|예매 마감|예매마감|품절된|완판|구매할 수 없"
        "|현재 판매하지 않"
        "|대기 신청|입고 대기|입고대기|입고 예정|입고예정|절판|재고 소진|재고소진|이용할 수 없|사용 불가|마감되었"
        "|알림 받기"
        "|대기자 명단|곧 출시|재고 0|품절입니다|판매 대기|솔드아웃|입고시 알림|입고 시 알림|재고부족|판매 예정"
        "|주문 불가|재입고되면|이메일 알림|나에게 알리기|이용 불가|알림 전송|알림 신청"
        "|수강신청 마감|신청 마감|신청마감|모집 마감|모집마감|접수 마감|접수마감|정원 마감|대출중|대출 중|예약완료"
        "|예약 완료|판매가 종료|판매 완료|판매완료|거래완료|거래 완료|매진되었|품절되었"
        "|공연 취소|취소된 공연|존재하지 않는 상품|만석|잔여석 없음|만실|접수 종료|신청 종료|오픈 예정|오픈예정"
        "|판매가 중지|판매가 중단|재고가 부족|입고되면|현재 구매할 수 없|구매가 불가"
        "|구입 불가|공급 중단|발매 예정|발매예정|응모 마감"
        "|예매 종료|예매종료|경매 종료|접수완료|티켓오픈 예정",
        "예약 구매|예약구매|예약 판매|예약판매|사전예약|사전 예약|예약 주문|예약주문|예약상품|선주문|주문 제작"
        "|주문제작"
        "|이월주문|이월 주문|사전 주문|예약 가능|사전판매",
        "재입고 완료|재고 있음|재고있음|장바구니 담기|장바구니담기|장바구니에 담기|바로구매|바로 구매|구매하기"
        "|예매하기"
        "|구매 가능|구매가능|판매중|판매 중|품절임박|품절 임박|매진임박|매진 임박|마감임박|마감 임박|오늘출발"
        "|오늘 출발"
        "|당일발송|당일 발송|당일출고|당일 출고|오늘도착|내일 도착|내일도착|로켓배송|즉시 구매|재고 있습니다"
        "|장바구니 추가"
        "|재고가 있습니다|재고 충분|재고충분|재고 얼마 남지|얼마 남지 않|곧 품절|소량 남음|장바구니에 추가"
        "|카트에 담기"
        "|지금 구매|바로 구입|재고 보유|소량 재고|재고 부족|마지막 1개|재고 적음|즉시구매|쇼핑백에 담기|구입하기"
        "|주문하기"
        "|바로주문|바로 주문|새벽배송|주문 가능|즉시 발송|즉시발송|품절 직전|남은 재고|이용 가능"
        "|접수중|접수 중|모집중|모집 중|신청 가능|대출가능|대출 가능|예매중|잔여석 있음|좌석 있음|바로 출고|바로출고"
        "|내일 출발|오늘 발송|오늘발송|바로 예매|소량입고|재입고 되었|재입고되었"
        "|마지막 수량|한정수량|한정 수량|구매 가능합니다|바로 배송|판매중입니다"
        "|예매 가능|예매가능|마지막 객실",
    ),
    "th": (
        "สินค้าหมด|หมดสต็อก|หมดสต๊อก|หมดชั่วคราว|แจ้งเตือนเมื่อมีสินค้า|ไม่มีสินค้า|ไม่พร้อมจำหน่าย"
        "|สินค้าหมดชั่วคราว|ของหมด"
        "|ขายหมดแล้ว|ยกเลิกจำหน่าย|เร็วๆ นี้|ขายหมด|ไม่มีในสต็อก|ไม่มีในสต๊อก|แจ้งเตือนฉัน|ไม่มีของ|เลิกจำหน่าย"
        "|หมดแล้ว|สต็อกหมด"
        "|บัตรหมด|แจ้งเตือนเมื่อสินค้า|เร็วๆนี้|แจ้งเมื่อมีสินค้า"
        "|เต็มแล้ว|ปิดรับสมัคร|ปิดการขาย|จองเต็ม|ยังไม่เปิดขาย|ยกเลิกการแสดง|บัตรขายหมด|เลิกขาย|สต๊อกหมด|ไม่มีจำหน่าย"
        "|หมดสต็อค",
        "พรีออเดอร์|สั่งจองล่วงหน้า|สั่งซื้อล่วงหน้า|พรีออร์เดอร์|สั่งจอง",
        "มีสินค้า|เพิ่มลงตะกร้า|หยิบใส่ตะกร้า|ซื้อเลย|พร้อมส่ง|ใกล้หมด|มีสต็อก|เหลือน้อย|เพิ่มไปยังรถเข็น|ใส่ตะกร้า"
        "|สินค้าใกล้หมด"
        "|มีสินค้าพร้อมส่ง|พร้อมจำหน่าย|ซื้อสินค้า|มีของ|ซื้อทันที|หยิบลงตะกร้า|ซื้อตอนนี้|ใกล้จะหมด|พร้อมจัดส่ง"
        "|มีในสต็อก"
        "|มีสต๊อก|เพิ่มในตะกร้า|สินค้าเหลือน้อย|เกือบหมด"
        "|เปิดรับสมัคร|ที่นั่งว่าง|ซื้อบัตร|สั่งซื้อเลย|สั่งซื้อ|เพิ่มในรถเข็น|เพิ่มลงในรถเข็น|ใส่รถเข็น|เพิ่มใส่ตะกร้า|พร้อมส่งทันที",
    ),
    "bn": (
        "স্টক নেই|স্টকে নেই|স্টক শেষ|স্টক আউট|মজুদ নেই",
        "প্রি-অর্ডার|প্রি অর্ডার",
        "স্টকে আছে|স্টক আছে|কার্টে যোগ|ঝুড়িতে যোগ|এখনই কিনুন|ব্যাগে যোগ",
    ),
    "ta": (
        "கையிருப்பில் இல்லை|இருப்பு இல்லை|விற்றுத் தீர்ந்தது",
        "முன்பதிவு",
        "கையிருப்பில் உள்ளது|கூடையில் சேர்|வண்டியில் சேர்|கார்ட்டில் சேர்|இப்போதே வாங்க",
    ),
    "ur": (
        "اسٹاک میں نہیں|دستیاب نہیں",
        "پری آرڈر",
        "اسٹاک میں ہے|دستیاب ہے|کارٹ میں شامل کریں|ٹوکری میں شامل کریں|ٹوکری میں ڈالیں",
    ),
    "mr": ("उपलब्ध नाही|स्टॉक संपला", "", "कार्टमध्ये जोडा|कार्टमध्ये टाका|आता खरेदी करा"),
    "ne": ("स्टकमा छैन|उपलब्ध छैन", "", "कार्टमा थप्नुहोस्|कार्टमा राख्नुहोस्|अहिले किन्नुहोस्"),
    "gu": ("સ્ટોકમાં નથી|ઉપલબ્ધ નથી", "", "કાર્ટમાં ઉમેરો|હમણાં ખરીદો"),
    "pa": ("ਸਟਾਕ ਵਿੱਚ ਨਹੀਂ|ਉਪਲਬਧ ਨਹੀਂ", "", "ਕਾਰਟ ਵਿੱਚ ਪਾਓ|ਕਾਰਟ ਵਿੱਚ ਸ਼ਾਮਲ ਕਰੋ|ਹੁਣੇ ਖਰੀਦੋ"),
    "te": ("స్టాక్‌లో లేదు|అందుబాటులో లేదు", "", "కార్ట్‌కు జోడించు|కార్ట్‌కు జోడించండి|కార్ట్‌కి జోడించండి|ఇప్పుడే కొనండి"),
    "kn": ("ಸ್ಟಾಕ್ ಇಲ್ಲ|ಲಭ್ಯವಿಲ್ಲ", "", "ಕಾರ್ಟ್‌ಗೆ ಸೇರಿಸಿ|ಈಗ ಖರೀದಿಸಿ"),
    "ml": ("സ്റ്റോക്കില്ല|ലഭ്യമല്ല", "", "കാർട്ടിലേക്ക് ചേർക്കുക|കാർട്ടിൽ ചേർക്കുക|ഇപ്പോൾ വാങ്ങുക"),
    "si": ("තොග අවසන්|තොග නැත", "", "කරත්තයට එක් කරන්න|කූඩයට එක් කරන්න|දැන් මිලදී ගන්න"),
    "my": ("ပစ္စည်းပြတ်", "", "စျေးခြင်းထဲသို့ထည့်|ဈေးခြင်းထဲထည့်|ခြင်းတောင်းထဲထည့်|ယခုဝယ်"),
    "km": ("អស់ពីស្តុក", "", "បន្ថែមទៅកន្ត្រក|ដាក់ចូលកន្ត្រក|ទិញឥឡូវ"),
    "lo": ("ສິນຄ້າໝົດ", "", "ເພີ່ມໃສ່ກະຕ່າ|ເພີ່ມລົງກະຕ່າ|ຊື້ດຽວນີ້"),
    "am": ("አልቋል", "", "ወደ ጋሪ ጨምር|ወደ ጋሪ ያክሉ|አሁን ግዛ"),
    "hy": ("", "", "ավելացնել զամբյուղ"),
    "ckb": ("", "", "زیادکردن بۆ سەبەتە|بیخە سەبەتەکەوە"),
    "hi": (
        "स्टॉक में नहीं है|स्टॉक में नहीं|स्टॉक खत्म|स्टॉक समाप्त|उपलब्ध नहीं|बिक गया|मुझे सूचित करें|आउट ऑफ स्टॉक"
        "|बिक चुका"
        "|जल्द आ रहा है|स्टॉक ख़त्म|आउट ऑफ़ स्टॉक|अनुपलब्ध|सब बिक गए|सब बिक गया|सूचित करें|बंद कर दिया"
        "|बुकिंग बंद|सोल्ड आउट|खत्म हो गया|स्टॉक उपलब्ध नहीं",
        "प्री ऑर्डर|पूर्व ऑर्डर|प्री-ऑर्डर|प्रीऑर्डर|अग्रिम ऑर्डर",
        "स्टॉक में है|स्टॉक में|उपलब्ध|कार्ट में जोड़ें|अभी खरीदें|कार्ट में डालें|सीमित स्टॉक|इन स्टॉक|अभी ख़रीदें"
        "|उपलब्ध है"
        "|स्टॉक में उपलब्ध|बैग में डालें|टोकरी में डालें|कुछ ही बचे"
        "|खरीदें|कार्ट में जोड़े|स्टॉक उपलब्ध",
    ),
}

ALONE: Final[tuple[str, str, str]] = (
    "sold|complet|full|无|無|✗|✘|×|✕|✖|❌|нет|немає|нема|brak|nincs|yok|hết|rupture|gone|leer|finito|finita|ended"
    "|없음|なし|out"
    "|none|unavailable|kein|keine|ausgelistet|fuera|slut|loppu|otsas|beidzies|0|満|終了|마감|no stock|nil"
    "|closed|geschlossen|verkauft|verkocht|vendu|vendue|vendido|vendida|venduto|venduta|såld|sålt|solgt|myyty"
    "|sprzedane|sprzedany|продан|prodáno|predané|eladva|vândut|satıldı|reserved|reserviert|réservé|reservado|riservato"
    "|gereserveerd|zarezerwowane|забронировано|rezervováno|varattu|reserverad|reserveret|reservert|foglalt|rezervat"
    "|rezerve|belegt|besetzt|occupied|taken|booked|paused|cancelled|canceled|annulé|cancelado|annullato|vol|voll"
    "|completo|completa|lleno|dolu|fullt|fuldt|fullbokat|plin|obsazeno|obsadené|已售|已订|已约|已满|满|売約済|売却済"
    "|완료|مغلق|ملغى|מלא"
    "|erloschen|abgelaufen|expired|not available|nedostupan|ausgegangen|weg"
    "|жоқ|yoxdur|bitib",
    "予約|예약|预约|预约中|vorverkauf|reservation",
    "有|○|◯|〇|◎|△|▲|有り|あり|есть|є|uygun|可用|可用的|var|còn|van|있음|✓|✔|✅|limited|low|few|low stock"
    "|ledig|ledigt|vapaa|vrij|vacant|verfügbar|inne|hjemme|volno|wolne|свободно|frei"
    "|last|high|plenty|good|много|мало|достаточно|wenig|gering|hoch|bajo|bassa|faible"
    "|бар|충분|충분함|여유|여유있음|부족"
    "|دسترس",
)
"""Whole texts that say nothing inside a longer one."""

SAYS_NOTHING: Final[str] = (
    "available in|available from|available on|available until|verfügbar ab|lieferbar ab|verfügbar in"
    "|disponible en|disponible à partir|disponible desde|disponible el|disponibile da|disponibile in|dostępny od"
    "|add to wishlist|check availability|check stock|beschikbaar vanaf|leverbaar vanaf|disponible le|disponible dès"
    "|disponibile dal|disponível em|disponível a partir|verfügbar am|доступно в|доступен в|available at|available as"
    "|dostępny w|dostępne w|disponible dans|in stock and|verfügbarkeit prüfen|in stock in|tersedia dalam|stock status"
    "|what's in stock|items in stock only|in stock only|show in stock|nur verfügbare|solo disponibles|comprar en"
    "|acheter en|how to buy|for sale by|sold by|verkauf durch|mua ngay trả|stok kodu|stoc code|skladem od"
    "|keine restposten|kein restposten|sold out last time|sold out last|sold out in minutes|sold out in hours"
    "|sold out twice|often sold out|usually sold out|next available|available to order|доступно к заказу"
    "|доступен к заказу|this item is sold by|item is sold by|nächster verfügbarer|nächste verfügbare"
    "|prochaine disponibilité|prochaine date disponible|available colors|available colours|available sizes"
    "|available options|verfügbare größen|verfügbare farben|available payment|available at checkout"
    "|available for download|available for registered|available to members|available only in store|only available in"
    "|exclusively available|nur erhältlich in|disponible uniquement|disponible únicamente|disponible solo en"
    "|view availability|see availability|prüfen sie die verfügbarkeit|verfügbarkeit im markt|availability calendar"
    "|other available|auch verfügbar|also available|auch erhältlich|aussi disponible|également disponible"
    "|también disponible|anche disponibile|ook verkrijgbaar|ook leverbaar|également disponible en|auch lieferbar"
    "|variant sold out or unavailable|variante ausverkauft oder nicht verfügbar|variante épuisée ou indisponible"
    "|variante agotada o no disponible|variante esaurita o non disponibile|variant uitverkocht of niet beschikbaar"
    "|variante esgotada ou indisponível|varianten är slutsåld eller inte tillgänglig"
    "|varianten er udsolgt eller ikke tilgængelig|varianten er utsolgt eller utilgjengelig"
    "|wariant wyprzedany lub niedostępny|varianta je vyprodaná nebo nedostupná|versiyon tükendi veya kullanılamıyor"
    "|versio on loppuunmyyty tai ei ole saatavilla|loppuunmyyty tai ei saatavilla"
    "|in stock guarantee|in stock guaranteed|guaranteed in stock|in stock promise|in stock policy|guaranteed available"
    "|availability guaranteed|garantie en stock|garantía de disponibilidad|disponibilità garantita|garantiert auf lager"
    "|garantieren: auf lager|garanti en stock|op voorraad garantie|på lager garanti|i lager garanti"
    "|sign in to add to cart|log in to add to cart|login to add to cart|sign in to buy|log in to buy|login to buy"
    "|sign in to purchase|log in to order|login to order|has been added to cart|added to cart"
)
"""Phrases that look like one, and say nothing: `available in three colours`."""

SUBJECTS: Final[str] = (
    "gift|wrap|wrapping|financing|finance|download|downloads|return|returns|manual|video|sizes|colours|colors|support"
    "|warranty|trial|credit|installments|instalments|insurance|refund|assembly|installation|discount|discounts|coupon"
    "|geschenkverpackung|finanzierung|ratenzahlung|größen|farben|handbuch|emballage|financement|tailles|couleurs"
    "|financiación|tallas|colores|regalo|taglie|colori|finanziamento|garantie|garantía|garanzia|versicherung|pickup"
    "|garantia|parcelamento|kleuren|maten|rozmiary|kolory|доставка|рассрочка|гарантия|taksit|samples|newsletter"
)
"""What is offered beside the goods: `gift wrapping available` says nothing of them."""

NEGATORS: Final[str] = (
    "not|no|isn't|aren't|wasn't|never|none|nicht|kein|keine|keinen|nie|pas|plus|non|não|nao|sin|niet|geen|ikke|inte"
    "|ej|není|nejsou|nikdy|brak|нет|не|немає|нема|ні|няма|ni|nije|nema|nem|nincs|ei|eivät|δεν|μη|μην|χωρίς|לא|אין"
    "|غير|لا|ليس|ليست|không|tidak|belum|bukan|tiada|nav|nėra|ne|pole|mitte|nisu|niso|sem|senza|sans|without"
    "|won't|can't|cannot|don't|doesn't|neither|nor|ingen|inget|hardly|unable|نیست|nici|bez|zonder|ohne|uden|uten|utan"
    "|chưa|hiçbir|nicio|niciun|ingenting|didn't"
)
HOPES: Final[str] = (
    "when|once|notify|alert|remind|if|until|wenn|sobald|falls|bis|quand|lorsque|dès|cuando|quando|когда|коли|gdy"
    "|kiedy"
    "|når|när|wanneer|zodra|amint|când|dacă|όταν|αν|jakmile|keď|khi|jika|apabila|عندما|عند|hvis|kui|kada|když|soon"
    "|bald"
    "|bientôt|pronto|presto|snart|kdy|kada|cand"
    "|ob|wann|whether|working|sabemos|savons|sappiamo|weten|wiemy|bilmiyoruz|expect|hope|hopefully|ignoramos|unknown"
    "|weiß|vet|ved|tiedä|nevíme|nevieme|nem tudjuk|nu știm|δεν γνωρίζουμε|не знаем|не знаємо"
)
"""What only hopes for the phrase behind it: `notify when in stock`."""

PAST: Final[str] = (
    "was|were|been|war|waren|wurde|était|étaient|estaba|estuvo|era|estava|esteve|был|была|было|был|були|było|był|byl"
    "|bylo|volt|fost|if|yet|previously|formerly|zuvor"
)
"""What tells that a thing was gone once: `was sold out, now back`."""

DENIERS_BEHIND: Final[str] = "değil|yok|değildir|नहीं|نیست"
"""What denies the phrase before it: `uygun değil`."""
MAIL: Final[str] = (
    "email|emails|mail|mails|posta|mejl|mejla|correo|courriel|имейл|почту|письмо|sms|alert|alerts|alerte|alerta"
    "|notify"
    "|notification|notifications|notified|notifikace|upozornění|upozornenie|obaveštenja|benachrichtigung|avviso|aviso"
    "|melding|powiadomienie|уведомление|сповіщення|ilmoitus|értesítés|bildirim|thông báo|notifikasi"
)
"""What tells that a text is about a message to come: `get an email when this product is back in stock`."""

CLOSED_WORDS: Final[str] = (
    "no|nein|non|não|nee|nie|нет|ні|hayır|nei|nej|ei|nem|nu|όχι|ne|false|否|无|無|いいえ|아니요|لا|לא"
)
OPEN_WORDS: Final[str] = (
    "yes|ja|oui|sí|si|sì|sim|tak|да|так|evet|kyllä|igen|da|ναι|ano|áno|true|是|有|はい|예|نعم|כן|taip|jā|jah|có|ya"
)
"""What stands behind the colon of `Available: No`."""
LABELS: Final[str] = (
    "availability|stock|stock status|in stock|verfügbarkeit|lagerbestand|bestand|disponibilité|disponibilidad"
    "|disponibilità|disponibilidade|beschikbaarheid|dostępność|наличие|наявність|stok|dostupnost|dostupnosť"
    "|raktárkészlet"
    "|disponibilitate|διαθεσιμότητα|tillgänglighet|saatavuus|lagerstatus|наличност|التوفر|זמינות|existencias|estoque"
    "|voorraad|tình trạng|ketersediaan|库存|库存状态|庫存|是否有货|在庫|재고|prieinamumas|pieejamība|saadavus"
    "|in stock?"
    "|status|stock level|estado|statut|stato|stav|státusz|durum|状态|狀態|ステータス|상태|stan|статус"
)

COUNTED: Final[str] = (
    "left|remaining|stock|seats|available|lagerbestand|bestand|quedan|queda|restam|resta|restan|restano|reste|restent"
    "|rimangono|rimane|осталось|остался|осталась|остаток|залишилось|залишок|zostało|zostały|została|pozostało|sisa"
    "|kalan|zbývá|zbývají|zostáva|zostávajú|na skladě|jäljellä|raktárkészlet|készlet|απομένουν|απομένει|còn lại|còn"
    "|stok|stoc|voorraad|existencias|estoque|остават|rămase|rămas|au mai rămas|mai sunt|liko|jäänud|preostalo"
    "|restantes|restants|kvar|tilbage|igjen|stock level|stock quantity|availability|disponibilidad|disponibilité"
    "|disponibilità|disponibilidade|verfügbarkeit|lager|lagersaldo|lagerstatus|na stanie|stan magazynowy|остават още"
    "|متبقي|المتبقي|במלאי|נותרו|נותר|נשארו|tersisa|baki|zaliha|zaloga|sklad|наличие|количество на складе"
    "|varasto|varastossa|بقي|باقي|units left|tickets left|in stock|quedan solo"
    "|webblager|nettlager|netlager|web stock|online stock|lagerbestand online|seats left|tickets remaining|places left"
    "|vagas|cupos|plazas|restplätze|quantity available|available quantity|disponibles|pieces left|items left"
    "|verfügbare menge|verfügbare plätze|freie plätze|plazas disponibles|vagas disponíveis|posti disponibili"
    "|places restantes|ledige pladser|ledige plasser|lediga platser|wolne miejsca|volná místa|свободных мест"
    "|свободно мест|szabad helyek|boş yer|kontenjan|available seats|spaces left|spots left|available spots"
    "|availability in stock|stock remaining|stock disponible|stock en ligne|noch verfügbar"
    "|warehouse|in warehouse|stok adedi|stok miktarı|الكمية المتبقية|الكمية المتاحة|stock qty|qty in stock"
    "|qty available|stocks|depo"
)
"""What a count stands behind, of what is there: `Quedan 4`."""
BEHIND_COUNT: Final[str] = (
    "left|remaining|übrig|restantes|restante|restants|restant|rimasti|rimasto|rimaste|rimasta|pozostało|jäljellä|kvar"
    "|tilbage|igjen|rimanenti|verbleibend|resterend|rămase|rămas|maradt|осталось|còn lại|tersisa"
    "|libres"
    "|verfügbar|livres|szabad|libere|zbývá|ostalo|залишилось|còn|tersedia"
)
"""What a count stands before: `4 left`."""
FREE: Final[str] = (
    "free|frei|freie|libre|vrij|vrije|wolne|wolnych|volno|volných|liberi|disponible|vapaana|ledige|lediga"
)
"""The same, where a unit stands between: `3 places free`, but not `get 1 free`."""
TAKEN: Final[str] = (
    "taken|enrolled|enrolment|enrollment|registered|booked|filled|occupied|reserved|belegt|gebucht|angemeldet|vergeben"
    "|réservées|inscrits|ocupadas|ocupados|inscritos|inscriptos|preenchidas|prenotati|iscritti|bezet|geboekt"
    "|ingeschreven|zajętych|zajęte|zapisanych|занято|записано|obsazeno|obsadené|bokade|anmälda|tilmeldte|påmeldte"
    "|ilmoittautunut|varattu|foglalt|ocupate|participants|attending|attendees|teilnehmer"
    "|sold|claimed|vendus|vendidos|verkauft|venduti|продано"
)
"""What a count of those stands beside who came first: `24 / 24 enrolled`."""
ONLY: Final[str] = (
    "only|just|last|noch|nur noch|nur|letzte|letzten|nog|nog maar|slechts|laatste|plus que|seulement|derniers"
    "|dernières"
    "|solo|sólo|últimas|últimos|soli|sole|ultimi|ultimo|ultime|apenas|só|kun|bara|endast|enda|vain|viimeiset|csak|már"
    "|utolsó|doar|numai|ultimele|μόνο|τελευταία|tylko|ostatnie|ostatnich|только|всего|последние|лише|тільки|останні"
    "|pouze|jen|už jen|už len|len|poslední|posledné|son|sadece|yalnızca|chỉ còn|chỉ|hanya|tinggal|само|последни|samo"
    "|još"
    "|zadnji|zadnja|tik|paskutiniai|tikai|ainult|viimased|sista|siste|sidste|tylko jeszcze|jeszcze|ainoastaan"
)
"""The same, where what is counted, or nothing, stands behind the count: `Noch 2 Stück`."""
UNITS: Final[str] = (
    "stück|stk|stücke|ticket|tickets|item|items|piece|pieces|pc|pcs|place|places|seat|seats|spot|spots|unit|units"
    "|copies"
    "|copy|products|product|ks|kus|kusy|kusů|kusov|exemplaire|exemplaires|exemplare|exemplar|exemplaren|unidades"
    "|unidad"
    "|unidade|ud|uds|pezzi|pezzo|pz|pièces|pièce|articles|article|artikel|szt|sztuk|sztuki|sztuka|шт|штук|штуки"
    "|штука|бр"
    "|st|kpl|kappaletta|db|darab|buc|bucăți|bucata|produse|τεμ|τεμάχια|τεμάχιο|adet|ürün|buah|cái|sản|chiếc|plätze"
    "|plaats|plaatsen|entradas|artículos|artículo|stuks|stuk|exemplar|kom|komada|komadi|komad|kos|kosov|kosi|kosa|vnt"
    "|gab|tk|produkt|produkte|produkter|produktów|pieza|piezas|peças|peça|itens|articoli|articolo|biglietti|posti"
    "|billets"
    "|rooms|room|zimmer|chambres|habitaciones|pairs|paar|bilete|eksemplarer|styck|pcs|stock|more|restantes|left"
    "|قطع|قطعة|יחידות|פריטים|עד|μονάδες|κομμάτια|кол|экземпляра|экземпляров|miejsc|miejsca|билетов"
    "|билета|места|мест|пари|броя|броја|koosta|tuotetta|vienības|vienetai|tükki|toodet|vé|keping|unit|lembar|item"
    "|spaces|space|slots|slot|appointments|appointment|plätzen|cupos|vagas|plazas|lugares|platser|pladser|plasser"
    "|paikkaa|hely|locuri|kontenjan|chỗ|kursi|míst|miest|kamers|kamer|tables|people|termine|freie|frei|platz"
    "|exemplaarit|kappaleita|bottles|boxes|dossiers|cards|seggen|karten|boletos|ingressos|bilhetes|entrada|billetter"
    "|biljetter|lippua|квитків|koltuk|phòng"
)
BEFORE_COUNT: Final[str] = "online|web|internet|actual|total|currently|aktuell|en ligne"
PER: Final[str] = "of|von|sur|de|di|van|z|из|з|av|af|/|out of|från|fra|od|από|dari"
PLACES: Final[str] = (
    "store|stores|shop|shops|showroom|branch|nearby|filiale|filialen|markt|magasin|magasins|boutique|boutiques|tienda"
    "|tiendas|negozio|negozi|loja|lojas|winkel|winkels|sklepie|sklepach|магазине|магазинах|prodejně|butik|butikker"
    "|butiker"
)
"""Where the goods may be gone while they can be ordered: `not available in stores`."""
TIMES: Final[str] = (
    "h|hr|hrs|hour|hours|day|days|std|stunden|stunde|tag|tage|tagen|werktag|werktage|werktagen|arbeitstage"
    "|arbeitstagen"
    "|heure|heures|jour|jours|hora|horas|día|días|dia|dias|ore|ora|giorni|giorno|uur|dag|dagen|werkdag|werkdagen"
    "|godzin"
    "|godziny|godz|dni|dzień|dnia|час|часов|часа|дней|дня|день|дни|годин|години|днів|дні|hodin|hodiny|dnů|dny|dní|den"
    "|timmar|dagar|vardagar|arbetsdagar|timer|dage|hverdage|hverdager|dager|virkedager|arbeidsdager|päivää|päivä"
    "|päivässä"
    "|arkipäivää|arkipäivässä|tuntia|nap|napon|munkanap|munkanapon|óra|órán|zile|zi|ziua|ден|ημέρες|ημέρα|ώρες|μέρες"
    "|εργάσιμες|gün|günü|günde|saat|saatte|ngày|giờ|hari|jam|dana|sati|dan|dneva|ur|dienas|dienos|darbo|päeva"
    "|tööpäeva"
    "|stundas|valandas|valandų|ساعة|أيام|يوم|ימי|ימים|שעות|робочих|рабочих|рабочие|arbeitstag|pracovní|pracovných"
    "|business|working|werkdage|lucrătoare|hábiles|laborables|úteis|ouvrés|ouvrables|lavorativi|робочі|iş|kerja"
)
LONG_TIMES: Final[str] = (
    "week|weeks|month|months|minute|minutes|min|mins|sec|second|seconds|year|years|woche|wochen|monat|monate|minuten"
    "|jahre|sekunden|semaine|semaines|mois|ans|semana|semanas|mes|meses|minutos|años|anos|settimane|mesi|minuti|anni"
    "|weken|maanden|jaar|tygodni|tygodnie|miesięcy|minut|недель|недели|месяцев|месяца|минут|лет|тижнів|týdnů|měsíců"
    "|veckor|månader|uger|måneder|uker|viikkoa|kuukautta|hét|hónap|săptămâni|luni|седмици|hafta|ay|dakika|tuần|tháng"
    "|minggu|bulan|εβδομάδες|savaites|nädalat|stars|star|reviews|review|bewertungen|avis|reseñas|opinie|отзывов|%"
    "|sold|€|$"
    "|£|₽|zł|kč|kr|ft|lei|lv|₺|eur|usd|chf|%|x|cm|mm|kg|ml|°|sizes|colours|colors|größen|farben|tailles|options"
    "|photos"
)
"""What no count of goods stands before: a length of time, a price, a measure."""
DELIVERY: Final[str] = (
    "ships|shipped|ship|dispatch|dispatched|dispatches|delivered|delivery|despatched|despatch|lieferzeit|lieferung"
    "|versand"
    "|versandfertig|lieferbar|versendet|expédié|expédiée|expédition|livraison|livré|livrable|envío|envio|enviado"
    "|enviamos"
    "|entrega|spedizione|spedito|spediamo|consegna|levertijd|verzonden|bezorgd|geleverd|wysyłka|wysyłamy|dostawa"
    "|отправка"
    "|отправим|отгрузка|доставка|доставим|відправка|відправимо|доставимо|doručíme|odesíláme|odešleme|dodání|doručenie"
    "|odosielame|odošleme|leverans|leveranstid|skickas|levering|leveringstid|sendes|afsendes|toimitusaika|toimitus"
    "|szállítás|szállítási|szállítható|livrare|livrăm|παράδοση|αποστολή|kargo|kargoda|teslim|teslimat|kargoya|giao"
    "|gửi|dikirim|pengiriman|isporuka|dostava|odprema|pristatymas|pristatysime|piegāde|tarne|tarneaeg|التوصيل|الشحن"
    "|משלוח"
    "|leveres|expedujeme|expedícia|envia|enviados|enviada|kiszállítás|odpošljemo|испраща|изпращане"
    "|disponible|disponibile|disponibles|disponibili|disponível|disponibilă"
)
"""What a time of delivery stands behind, or before: `Lieferzeit: 2-4 Tage`."""
