import { onTestFinished } from 'vitest';

import type { Simulator, SimulatorOptions } from '../../src/simulator/index.js';
import { startSimulator } from '../../src/simulator/index.js';
import type { JsonObject } from '../../src/simulator/json.js';

/** 2026-03-01T12:00:00Z */
export const NOW_MS = 1_772_366_400_000;

export const EM_HASH = '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345';
export const PH_HASH = 'dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383';

export type Loose = Record<string, unknown>;

export function webEvent(changes: object = {}): JsonObject {
  return {
    event_name: 'PURCHASE',
    event_time: NOW_MS - 60_000,
    event_id: 'order-1',
    action_source: 'WEB',
    event_source_url: 'https://shop.example.com/thanks',
    user_data: { em: [EM_HASH] },
    custom_data: { currency: 'EUR', value: 12.5 },
    ...changes,
  };
}

export const EXTINFO = [
  'i2',
  'com.example.app',
  '1.0',
  '1.0.3',
  '17.4',
  'iPhone14,2',
  'en_US',
  'EDT',
  '',
  '320',
  '568',
  '2',
  '2',
  '15',
  '8',
  'America/New_York',
];

export function appEvent(appData: object = {}, changes: object = {}): JsonObject {
  return {
    event_name: 'APP_OPEN',
    event_time: NOW_MS - 60_000,
    event_id: 'open-1',
    action_source: 'MOBILE_APP',
    user_data: { madid: 'cdda802e-fb9c-47ad-9866-0794d394c912' },
    app_data: { advertiser_tracking_enabled: 1, app_id: '447188370', extinfo: EXTINFO, ...appData },
    ...changes,
  };
}

/** Starts a simulator whose clock stands at NOW_MS and that is closed after the test. */
export async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator({ clock: () => NOW_MS, sleep: () => Promise.resolve(), ...options });
  onTestFinished(() => simulator.close());
  return simulator;
}

export type Reply = {
  readonly status: number;
  readonly text: string;
  readonly json: Loose | undefined;
  readonly headers: Headers;
};

type PostOptions = {
  readonly route?: 'events' | 'events/validate';
  readonly asset?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
};

export async function post(
  simulator: Simulator,
  body: string | Uint8Array,
  options: PostOptions = {},
): Promise<Reply> {
  const { route = 'events', asset = 'pixel-1', query = '?access_token=secret' } = options;
  const response = await fetch(`${simulator.url}/v3/${asset}/${route}${query}`, {
    method: 'POST',
    body: body as string,
    redirect: 'manual',
    headers: { 'Content-Type': 'application/json', ...options.headers },
  });
  return readReply(response);
}

export function send(
  simulator: Simulator,
  events: readonly unknown[],
  options: PostOptions = {},
): Promise<Reply> {
  return post(simulator, JSON.stringify({ data: events }), options);
}

export async function get(simulator: Simulator, path: string): Promise<Reply> {
  return readReply(await fetch(simulator.url + path));
}

async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  let json: Loose | undefined;
  try {
    json = JSON.parse(text) as Loose;
  } catch {
    json = undefined;
  }
  return { status: response.status, text, json, headers: response.headers };
}
