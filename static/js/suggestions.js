// Names under the search field while one types: a combobox with a list, by arrow keys, Enter and Esc.
const PAUSE = 150;

export function suggestWhileTyping() {
  for (const form of document.querySelectorAll('form[data-suggestions]')) combobox(form);
}

function combobox(form) {
  const input = form.querySelector('input[type="search"]');
  const list = form.appendChild(document.createElement('ul'));
  const status = form.appendChild(document.createElement('span'));
  let timer = 0;
  let asked = null;
  let active = -1;

  Object.assign(list, { id: `${input.id}-list`, className: 'suggest', hidden: true });
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', form.dataset.label);
  status.className = 'vh';
  status.setAttribute('role', 'status');
  for (const [name, value] of [['role', 'combobox'], ['aria-autocomplete', 'list'], ['aria-expanded', 'false'], ['aria-controls', list.id]]) {
    input.setAttribute(name, value);
  }

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  const choose = (next) => {
    const options = [...list.children];
    active = (next + options.length + 1) % (options.length + 1);
    options.forEach((option, index) => option.setAttribute('aria-selected', String(index === active)));
    const option = options[active];
    if (!option) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', option.id);
    option.scrollIntoView({ block: 'nearest' });
  };

  const show = (found) => {
    list.replaceChildren(...found.map((one, index) => row(one, index)));
    if (!found.length) return close();
    active = -1;
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    input.removeAttribute('aria-activedescendant');
    status.textContent = form.dataset.count.replace('{n}', found.length);
  };

  const row = (one, index) => {
    const option = document.createElement('li');
    const kind = document.createElement('small');
    option.id = `${list.id}-${index}`;
    option.setAttribute('role', 'option');
    option.setAttribute('aria-selected', 'false');
    option.dataset.href = one.href;
    kind.textContent = form.dataset[one.kind] ?? '';
    option.append(marked(one.name, input.value.trim()), kind);
    return option;
  };

  const ask = async () => {
    const query = input.value.trim();
    asked?.abort();
    if (!query) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`${form.dataset.suggestions}?${new URLSearchParams({ q: query })}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === input) show((await answer.json()).suggestions);
    } catch {
      // Typed on, or offline: the field works without.
    }
  };

  input.addEventListener('input', (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener('compositionend', ask);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (list.hidden) return ask();
      const count = list.children.length;
      choose(event.key === 'ArrowDown' ? active + 1 : active === -1 ? count - 1 : active - 1);
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === 'Enter' && !list.hidden && list.children[active]) {
      event.preventDefault();
      location.assign(list.children[active].dataset.href);
    }
  });
  list.addEventListener('pointerdown', (event) => event.preventDefault());
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[data-href]');
    if (option) location.assign(option.dataset.href);
  });
}

function marked(name, query) {
  const line = document.createElement('span');
  const at = name.toLowerCase().indexOf(query.toLowerCase());
  if (at < 0) {
    line.textContent = name;
    return line;
  }
  const hit = document.createElement('b');
  hit.textContent = name.slice(at, at + query.length);
  line.append(name.slice(0, at), hit, name.slice(at + query.length));
  return line;
}
