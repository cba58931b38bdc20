// The timezone that this device lives in, and all that its browser knows.
const field = document.querySelector("#timezone");
if (!field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
const known = Intl.supportedValuesOf?.("timeZone") ?? [];
if (known.length > 0) {
  const options = known.map((zone) => Object.assign(document.createElement("option"), { value: zone }));
  document.querySelector("#timezones").replaceChildren(...options);
}
