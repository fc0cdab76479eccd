// Follows a long work; without it the page loads itself anew every few seconds.
const EVERY_MS = 1000;

export function followProgress() {
  const place = document.querySelector('[data-progress]');
  if (!place) return;
  const bar = place.querySelector('progress');
  const look = async () => {
    try {
      const answer = await fetch(place.dataset.progress, { headers: { Accept: 'application/json' } });
      const now = await answer.json();
      bar.value = now.percent;
      place.querySelector('[data-status]').textContent = now.status;
      place.querySelector('[data-done]').textContent = now.done.toLocaleString();
      place.querySelector('[data-total]').textContent = now.total.toLocaleString();
      if (!now.is_open) {
        window.location.reload();
        return;
      }
    } catch {
      // The next look may reach the shop again.
    }
    window.setTimeout(look, EVERY_MS);
  };
  window.setTimeout(look, EVERY_MS);
}
