// Keeps the numbers beside the choices, and on the button, true while one ticks them; the button shows the list.
const PAUSE = 250;

export function countFacets() {
  for (const form of document.querySelectorAll('form[data-facets]')) follow(form);
}

function follow(form) {
  const button = form.querySelector('[data-show]');
  let timer = 0;
  let asked = null;

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const pairs = [...new FormData(form)].filter(([, value]) => value !== '');
    form.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(`${form.getAttribute('action')}?${new URLSearchParams(pairs)}`, { signal: asked.signal });
      if (answer.ok) fill(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      form.removeAttribute('aria-busy');
    } catch (error) {
      if (error.name !== 'AbortError') form.removeAttribute('aria-busy');
    }
  };

  const fill = (page) => {
    const total = page.querySelector('[data-total]')?.textContent;
    if (total) button.textContent = button.dataset.show.replace('{total}', total);
    for (const box of form.querySelectorAll('input[type="checkbox"]')) {
      const other = page.querySelector(`form[data-facets] input[name="${box.name}"][value="${CSS.escape(box.value)}"]`);
      const number = box.closest('.opt').querySelector('.opt__n');
      const found = other?.closest('.opt').querySelector('.opt__n');
      if (number) number.textContent = found ? found.textContent : '0';
    }
  };

  form.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
