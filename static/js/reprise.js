// To sign in, in another tab, changes the token that protects forms: a form refused before sends today's, that of the cookie.
document.addEventListener("submit", (envoi) => {
  const champ = envoi.target.querySelector('[name="csrfmiddlewaretoken"]');
  const jeton = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (champ && jeton) champ.value = jeton[1];
});
