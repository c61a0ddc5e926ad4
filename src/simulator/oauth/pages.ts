import { createHash } from 'node:crypto';

import type { Answer } from '../answers.js';
import type { AuthorizationRequest } from './authorization.js';
import { parseRedirectUri } from './authorization.js';

// System colors keep their contrast in light, dark and forced colors.
const STYLE = `:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif; }
body { max-width: 36rem; margin: clamp(1.5rem, 10vh, 5rem) auto 2rem; padding: 0 1.25rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; }
.note { border-left: 0.35rem solid; padding-left: 1rem; }
ul { padding-left: 1.25rem; }
code { font-family: ui-monospace, monospace; font-size: 0.95em; }
form { display: flex; flex-wrap: wrap; gap: 1rem; margin-top: 1.5rem; }
button { font: inherit; min-width: 8rem; padding: 0.6rem 1.5rem; border: 2px solid; border-radius: 0.5rem; background: Canvas; color: CanvasText; cursor: pointer; }
button[value="allow"] { background: CanvasText; color: Canvas; border-color: CanvasText; }
button:hover { text-decoration: underline; }
button:focus-visible { outline: 3px solid CanvasText; outline-offset: 3px; }`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Headers of everything a browser gets at the authorize address; codes and states must not linger in caches or referrers. */
export const BROWSER_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
});

/** The page that asks for consent: a form with two buttons, no script. */
export function consentPage(request: AuthorizationRequest): Answer {
  const { clientId, redirectUri, scope, state } = request;
  const hidden = { client_id: clientId, redirect_uri: redirectUri, response_type: 'code', scope, state };
  const inputs = Object.entries(hidden)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escape(value)}">`);
  const scopes = scope.split(' ').map((one) => `<li><code>${escape(one)}</code></li>`);
  const body = `<p>The client <code>${escape(clientId)}</code> asks for:</p>
<ul>
${scopes.join('\n')}
</ul>
<p>Your answer is sent back to <code>${escape(parseRedirectUri(redirectUri)?.origin ?? '')}</code>.</p>
<form method="post" action="/login/oauth2/authorize">
${inputs.join('\n')}
<button type="submit" name="decision" value="allow">Allow</button>
<button type="submit" name="decision" value="deny">Deny</button>
</form>`;
  return page(200, 'Allow access?', body, `'self' ${formTarget(redirectUri)}`);
}

/** The page for a request that is not in order; nobody is sent anywhere. The sentences must quote nothing of the request. */
export function errorPage(status: number, problems: readonly string[]): Answer {
  const items = problems.map((problem) => `<li>${escape(problem)}</li>`);
  const body = `<p>The application that sent you here made a mistake:</p>
<ul>
${items.join('\n')}
</ul>
<p>Correct it there, and start the login again.</p>`;
  return page(status, 'This request is not in order', body, `'none'`);
}

// Chromium holds form-action against the redirect after a form, too. An IPv6 host cannot be written in a policy.
function formTarget(redirectUri: string): string {
  const url = parseRedirectUri(redirectUri);
  return url?.hostname.startsWith('[') ? url.protocol : (url?.origin ?? '');
}

function page(status: number, title: string, body: string, formAction: string): Answer {
  const policy = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`;
  return {
    status,
    type: 'text/html',
    headers: { ...BROWSER_HEADERS, 'Content-Security-Policy': policy },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – snapcapi simulator</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="note">This is the simulator of snapcapi on your own machine, not Snapchat. No account is touched.</p>
${body}
</main>
</body>
</html>
`,
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}
