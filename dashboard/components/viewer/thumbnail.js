// Sends a picture of the view to the server, which shows it in lists from then on.

/** Raises an Error with a sentence for people when it is not kept. */
export async function keepThumbnail(picture, { address, actor }) {
  const form = new FormData();
  form.append("file", picture, "view.webp");
  let answer;
  try {
    answer = await fetch(new URL(address, document.baseURI), {
      method: "POST",
      body: form,
      headers: actor ? { "X-Hatchery-User": encodeLatin(actor) } : {},
    });
  } catch {
    throw new Error("The server does not answer; the picture was not kept.");
  }
  if (answer.ok) return;
  const problem = await answer.json().catch(() => ({}));
  throw new Error(problem.error ?? `The picture was not kept (HTTP ${answer.status}).`);
}

/** A header carries bytes: the name's UTF-8, one character for each. */
function encodeLatin(text) {
  return String.fromCharCode(...new TextEncoder().encode(text));
}
