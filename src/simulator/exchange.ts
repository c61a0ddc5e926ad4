import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Answer } from './answers.js';
import { jsonAnswer, LOG_FAILED, NOT_FOUND } from './answers.js';
import { checkCredential } from './credential.js';
import { deliver, visibleAnswer } from './deliver.js';
import type { EventLog } from './event-log.js';
import { onOneLine } from './event-log.js';
import { faultFor } from './faults.js';
import { respondToOAuth } from './oauth/respond.js';
import { oauthRouteFor } from './oauth/routes.js';
import type { Memory } from './process.js';
import { processRequest } from './process.js';
import { readBody } from './read-body.js';
import type { ApiRoute, PostRoute, Route } from './routes.js';
import { isPostRoute, routeFor } from './routes.js';
import type { StatsKeeper } from './stats.js';
import { NO_EVENTS } from './stats.js';
import type { ReceivedEvent } from './store.js';

/** Everything an exchange needs to know or changes. */
export type World = Memory & {
  readonly stats: StatsKeeper;
  readonly log: EventLog | undefined;
  /** Raw bodies, filled when the settings ask for it. */
  readonly bodies: Buffer[];
};

/** Answers one HTTP request, or fails to as the fault script says. Rejects when the client goes away in the middle. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  world: World,
): Promise<void> {
  const [method, target] = [request.method ?? '', request.url ?? ''];
  const oauthRoute = world.oauth && oauthRouteFor(method, target);
  if (world.oauth !== undefined && oauthRoute !== undefined) {
    await respondToOAuth(request, response, oauthRoute, world.oauth, world.settings);
    return;
  }
  const route = routeFor(method, target);
  if (route !== undefined && isPostRoute(route)) {
    await respondToPost(request, response, route, world);
    return;
  }
  request.resume();
  if (route?.name === 'received' && world.settings.keepEvents) {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson; charset=utf-8' });
    await pipeline(Readable.from(lines(world.store.events())), response);
    return;
  }
  const answer = route === undefined ? NOT_FOUND : answerGet(route, world);
  await deliver(response, request.socket, answer, undefined, world.settings.sleep);
}

async function respondToPost(
  request: IncomingMessage,
  response: ServerResponse,
  route: PostRoute,
  world: World,
): Promise<void> {
  const { settings, stats, log } = world;
  const number = stats.requestArrived(settings.clock());
  response.once('close', stats.requestLeft);
  const { bytes, body, isComplete } = await readBody(request, settings.maxBodyBytes);
  if (!isComplete) {
    stats.requestSeen({
      ...NO_EVENTS,
      number,
      route: route.name,
      bytes,
      status: undefined,
      fault: undefined,
    });
    return;
  }
  if (settings.keepBodies && body !== undefined) world.bodies.push(body);

  const fault = faultFor(settings.faults, number, settings.seed);
  const { 'content-type': contentType, 'content-encoding': contentEncoding } = request.headers;
  const outcome =
    fault?.stores === false
      ? undefined
      : processRequest({ number, route, contentType, contentEncoding, body }, world);
  let truth = outcome?.answer;
  if (log !== undefined && outcome !== undefined && outcome.log !== '') {
    await log.append(outcome.log).catch(() => (truth = LOG_FAILED));
  }

  const answer = visibleAnswer(fault, truth);
  const seen = {
    ...(outcome?.tally ?? NO_EVENTS),
    number,
    route: route.name,
    bytes,
    status: answer?.status,
    fault: fault?.kind,
  };
  stats.requestSeen(seen);
  settings.observe?.(seen);
  if (settings.latencyMs > 0) await settings.sleep(settings.latencyMs);
  await deliver(response, request.socket, answer, fault, settings.sleep);
}

function answerGet(route: Exclude<Route, PostRoute>, world: World): Answer {
  switch (route.name) {
    case 'health':
      return jsonAnswer(200, { status: 'ok' });
    case 'stats':
      return jsonAnswer(200, world.stats.snapshot());
    case 'received':
      return NOT_FOUND;
    case 'logs':
    case 'validation-stats':
      return answerAboutValidations(route, world);
  }
}

function answerAboutValidations(route: ApiRoute, world: World): Answer {
  const { settings, validations } = world;
  const unauthorized = checkCredential(route, world);
  if (unauthorized !== undefined) return unauthorized;
  const nowMs = settings.clock();
  return route.name === 'logs' ? validations.logs(route.asset, nowMs) : validations.stats(route.asset, nowMs);
}

function* lines(events: readonly ReceivedEvent[]): Generator<string> {
  for (const event of events) yield `${onOneLine(event.text)}\n`;
}
