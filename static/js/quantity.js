// The − and + beside a number field.
export function stepQuantities() {
  for (const group of document.querySelectorAll('[data-quantity]')) {
    const input = group.querySelector('input');
    for (const button of group.querySelectorAll('button[data-step]')) {
      button.addEventListener('click', () => {
        const most = Number(input.dataset.max) || 999;
        const next = (Number(input.value) || 0) + Number(button.dataset.step);
        input.value = String(Math.min(most, Math.max(1, next)));
        input.dispatchEvent(new Event('change', { bubbles: true }));
      });
    }
    const save = input.form?.querySelector('[data-quantity-save]');
    if (save) {
      save.hidden = true;
      input.addEventListener('change', () => input.form.requestSubmit(save));
    }
  }
}
