// Who types behind a sentence of when to tell means that sentence.
addEventListener("input", ({ target }) => {
  const [, choice] = /^what-(.+)$/.exec(target.name ?? "") ?? [];
  const radio = [...(target.form?.elements.when ?? [])].find((each) => each.value === choice);
  if (radio && target.value.trim()) radio.checked = true;
});
