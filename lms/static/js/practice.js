// Adds up the minutes of an entry while they are typed; opens what the chosen activity asks for.

for (const form of document.querySelectorAll('form[data-minutes]')) {
  const total = form.querySelector('[data-total]');
  const show = () => {
    const minutes = [...form.querySelectorAll('[name^="minutes_"]')]
      .reduce((sum, field) => sum + (Number.parseInt(field.value, 10) || 0), 0);
    const length = `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
    total.hidden = !minutes;
    total.textContent = total.dataset.words.replace('{}', length);
  };
  form.addEventListener('input', show);
  form.addEventListener('change', show);
  show();

  for (const fold of form.querySelectorAll('[data-opens-for]')) {
    const asksFor = fold.dataset.opensFor.split(' ');
    form.elements.type.addEventListener('change', ({ target }) => {
      if (asksFor.includes(target.value)) fold.open = true;
    });
  }
}
