// Province, city and county follow each other without reloading the page.
async function childrenOf(code) {
  const answer = await fetch(`/api/v1/divisions?parent=${encodeURIComponent(code)}`);
  return answer.ok ? (await answer.json()).divisions : [];
}

function fill(select, rows) {
  const first = select.querySelector('option[value=""]');
  select.replaceChildren(...(first ? [first] : []));
  for (const row of rows) select.append(new Option(row.name, row.code));
  if (rows.length === 1) select.value = rows[0].code;
}

export function fillDivisions() {
  for (const group of document.querySelectorAll('[data-divisions]')) {
    const [province, city, county] = group.querySelectorAll('select');
    for (const button of group.querySelectorAll('[data-reload]')) button.hidden = true;
    province.addEventListener('change', async () => {
      fill(city, await childrenOf(province.value));
      fill(county, city.value ? await childrenOf(city.value) : []);
    });
    city.addEventListener('change', async () => fill(county, await childrenOf(city.value)));
  }
}
