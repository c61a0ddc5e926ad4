/** What the browser shows in the end. */
export type Page = { readonly status: number; readonly title: string; readonly text: string };

export const PAGE_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  // The address of the page holds the code.
  'referrer-policy': 'no-referrer',
  'content-security-policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  connection: 'close',
});

/** A page that loads nothing from anywhere. */
export function htmlOf(page: Page): string {
  const title = escapeHtml(page.title);
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    `<title>snapcapi: ${title}</title></head><body><h1>${title}</h1><p>${escapeHtml(page.text)}</p></body></html>\n`
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
