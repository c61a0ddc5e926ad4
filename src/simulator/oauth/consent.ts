import type { Answer } from '../answers.js';
import type { Authority } from './authority.js';
import { parseRedirectUri, readAuthorization } from './authorization.js';
import { BROWSER_HEADERS, consentPage, errorPage } from './pages.js';
import { readParameters } from './parameters.js';

/** The answer to a request for the authorize page, by its query. */
export function askForConsent(query: string, authority: Authority): Answer {
  const read = readAuthorization(readParameters(query), authority.settings.clientId);
  return read.ok ? consentPage(read.request) : errorPage(400, read.problems);
}

/** The answer to the form of that page: back to the client with a code, or with `access_denied`. Everything is checked again. */
export function takeDecision(form: string, authority: Authority): Answer {
  const parameters = readParameters(form);
  const read = readAuthorization(parameters, authority.settings.clientId);
  if (!read.ok) return errorPage(400, read.problems);
  const { redirectUri, scope, state } = read.request;
  switch (parameters.get('decision')) {
    case 'allow':
      authority.counters.count('authorizations');
      return backTo(redirectUri, {
        code: authority.codes.issue({ redirectUri, scope }, authority.clock()),
        state,
      });
    case 'deny':
      authority.counters.count('denials');
      return backTo(redirectUri, { error: 'access_denied', state });
    default:
      return errorPage(400, ['decision is neither "allow" nor "deny".']);
  }
}

function backTo(redirectUri: string, parameters: Readonly<Record<string, string | undefined>>): Answer {
  const url = parseRedirectUri(redirectUri);
  if (url === undefined) return errorPage(400, ['redirect_uri cannot be used.']);
  const added = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) added.append(name, value);
  // Not by url.searchParams, which would write the query of the client anew.
  url.search = `${url.search === '' ? '' : `${url.search}&`}${added.toString()}`;
  return { status: 302, body: '', headers: { ...BROWSER_HEADERS, Location: url.href } };
}
