import { createHash } from 'node:crypto';

/** What the browser shows in the end. Words between backticks are shown as code. */
export type Page = {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** What to do about it. */
  readonly fix?: string;
};

// Both greens and reds have a contrast of more than 4.5:1 to the canvas they are shown on.
const STYLE = `:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif; --good: #1a7f37; --bad: #c5221f; }
@media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #ff8a80; } }
body { max-width: 36rem; margin: clamp(1.5rem, 12vh, 6rem) auto 2rem; padding: 0 1.25rem; overflow-wrap: anywhere; }
main { border-left: 0.35rem solid var(--bad); padding-left: 1.25rem; }
main.good { border-color: var(--good); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0; color: var(--bad); }
.good h1 { color: var(--good); }
p { margin: 0.75rem 0 0; }
code { font-family: ui-monospace, monospace; font-size: 0.95em; }`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

export const PAGE_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  // The address of the page holds the code.
  'referrer-policy': 'no-referrer',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  'x-content-type-options': 'nosniff',
  connection: 'close',
});

/** A page that loads nothing from anywhere. */
export function htmlOf({ status, title, text, fix }: Page): string {
  const paragraphs = [text, ...(fix === undefined ? [] : [fix])].map((one) => `<p>${prose(one)}</p>\n`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – snapcapi</title>
<style>${STYLE}</style>
</head>
<body>
<main${status < 300 ? ' class="good"' : ''}>
<h1>${escapeHtml(title)}</h1>
${paragraphs.join('')}</main>
</body>
</html>
`;
}

function prose(text: string): string {
  return escapeHtml(text).replace(/&#96;(.*?)&#96;/g, '<code>$1</code>');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
