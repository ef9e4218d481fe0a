// Tells the server how wide the screen is, so that it can choose between one question and a page of them.
for (const form of document.querySelectorAll("form[data-width]")) {
  form.addEventListener("submit", () => {
    form.elements.width.value = String(window.innerWidth);
  });
}
