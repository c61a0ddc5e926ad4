import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Answer } from './answers.js';
import { jsonAnswer, LOG_FAILED, NOT_FOUND } from './answers.js';
import { deliver, visibleAnswer } from './deliver.js';
import type { EventLog } from './event-log.js';
import { onOneLine } from './event-log.js';
import { faultFor } from './faults.js';
import type { Memory } from './process.js';
import { checkCredential, processRequest } from './process.js';
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
  const route = routeFor(request.method ?? '', request.url ?? '');
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
  const unauthorized = checkCredential(route, settings);
  if (unauthorized !== undefined) return unauthorized;
  const nowMs = settings.clock();
  return route.name === 'logs' ? validations.logs(route.asset, nowMs) : validations.stats(route.asset, nowMs);
}

type Read = { readonly body: Buffer | undefined; readonly bytes: number; readonly isComplete: boolean };

/**
 * Reads a body to its end, so that the client can finish; one above the limit is counted and thrown away.
 * It is incomplete when the client went away.
 */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Read> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      bytes += part.length;
      if (bytes <= maxBytes) parts.push(part);
      else parts.length = 0;
    }
  } catch {
    return { body: undefined, bytes, isComplete: false };
  }
  return { body: bytes <= maxBytes ? Buffer.concat(parts, bytes) : undefined, bytes, isComplete: true };
}

function* lines(events: readonly ReceivedEvent[]): Generator<string> {
  for (const event of events) yield `${onOneLine(event.text)}\n`;
}
