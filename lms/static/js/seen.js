// A page that stands open for somebody to read says so by itself; without this, its button does.
for (const form of document.querySelectorAll('form[data-seen]')) {
  const send = async () => {
    if (document.visibilityState !== 'visible' || !form.isConnected) return;
    document.removeEventListener('visibilitychange', send);
    try {
      await fetch(form.action, { method: 'POST', body: new FormData(form), redirect: 'manual' });
      form.hidden = true;
    } catch { /* no network: the button is still there */ }
  };
  document.addEventListener('visibilitychange', send);
  send();
}
