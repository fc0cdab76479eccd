// The chosen variant's price and stock beside the name.
export function pickVariants() {
  for (const form of document.querySelectorAll('[data-variants]')) {
    const target = document.querySelector(form.dataset.variants);
    if (!target) continue;
    form.addEventListener('change', () => {
      const chosen = form.querySelector('input[name="variant"]:checked');
      const text = chosen && document.getElementById(`variant-${chosen.value}-price`);
      if (text) target.replaceChildren(...text.cloneNode(true).childNodes);
    });
  }
}
