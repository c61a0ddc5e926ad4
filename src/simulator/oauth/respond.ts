import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Answer } from '../answers.js';
import { jsonAnswer } from '../answers.js';
import { deliver, visibleAnswer } from '../deliver.js';
import { faultFor } from '../faults.js';
import type { Settings } from '../options.js';
import { readBody } from '../read-body.js';
import type { Authority } from './authority.js';
import { askForConsent, takeDecision } from './consent.js';
import { errorPage } from './pages.js';
import type { Parameters } from './parameters.js';
import { readParameters } from './parameters.js';
import type { OAuthRoute } from './routes.js';
import { answerTokenRequest, tokenError } from './token-request.js';
import type { Revocation } from './tokens.js';

const MAX_FORM_BYTES = 65_536;

/** Answers a request to an OAuth route. Rejects when the client goes away in the middle. */
export async function respondToOAuth(
  request: IncomingMessage,
  response: ServerResponse,
  route: OAuthRoute,
  authority: Authority,
  settings: Settings,
): Promise<void> {
  const read = await readBody(request, MAX_FORM_BYTES);
  if (!read.isComplete) return;
  const form = isForm(request) ? read.body?.toString('utf8') : undefined;
  if (route.name === 'token') {
    const refusal = refuseForm(route, read.body, form);
    await respondToToken(response, readParameters(form ?? ''), refusal, authority, settings);
    return;
  }
  const answer = answerBrowser(route, form, authority);
  await deliver(response, request.socket, answer, undefined, settings.sleep);
}

function answerBrowser(route: OAuthRoute, form: string | undefined, authority: Authority): Answer {
  switch (route.name) {
    case 'authorize':
      return askForConsent(route.query, authority);
    case 'revoke':
      return revoke(route.query, authority);
    default:
      return form === undefined
        ? errorPage(400, ['The form is too large, or not a form.'])
        : takeDecision(form, authority);
  }
}

function isForm(request: IncomingMessage): boolean {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/x-www-form-urlencoded';
}

function refuseForm(
  route: OAuthRoute,
  body: Buffer | undefined,
  form: string | undefined,
): Answer | undefined {
  if (body === undefined) return tokenError('invalid_request', 'The body is too large.', 413);
  if (form === undefined) {
    return tokenError('invalid_request', 'The body is not application/x-www-form-urlencoded.');
  }
  // Secrets in an address end in the logs of every proxy.
  return route.query === ''
    ? undefined
    : tokenError('invalid_request', 'The address has a query; parameters belong in the body.');
}

async function respondToToken(
  response: ServerResponse,
  form: Parameters,
  refusal: Answer | undefined,
  authority: Authority,
  settings: Settings,
): Promise<void> {
  const { counters } = authority;
  const isRefresh = form.get('grant_type') === 'refresh_token';
  const number = counters.tokenRequestArrived();
  if (isRefresh) {
    counters.refreshArrived();
    response.once('close', counters.refreshLeft);
  }
  const fault = faultFor(authority.settings.tokenFaults, number, settings.seed);
  if (fault !== undefined) counters.countFault(fault.kind);
  const truth = fault?.stores === false ? undefined : (refusal ?? answerTokenRequest(form, authority));
  if (isRefresh && truth !== undefined && truth.status !== 200) counters.count('refusedRefreshes');
  if (settings.latencyMs > 0) await settings.sleep(settings.latencyMs);
  await deliver(response, response.req.socket, visibleAnswer(fault, truth), fault, settings.sleep);
}

function revoke(query: string, authority: Authority): Answer {
  const what = readParameters(query).get('what') ?? 'all';
  if (!isRevocation(what)) return jsonAnswer(400, { error: 'what is neither "all" nor "access".' });
  authority.tokens.revoke(what);
  return jsonAnswer(200, { revoked: what });
}

function isRevocation(text: string): text is Revocation {
  return text === 'all' || text === 'access';
}
