import type { Answer, CheckedEvent } from './answers.js';
import { jsonAnswer } from './answers.js';

/** What the validation endpoint remembers per asset. The vendor documents the routes but no shape of the answers. */
export type Validations = {
  add(asset: string, nowMs: number, checked: readonly CheckedEvent[]): void;
  /** The invalid events of the last 24 hours. */
  logs(asset: string, nowMs: number): Answer;
  /** Counts of the last hour. */
  stats(asset: string, nowMs: number): Answer;
};

type Validation = {
  readonly asset: string;
  readonly atMs: number;
  readonly events: number;
  readonly invalid: readonly CheckedEvent[];
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_REMEMBERED = 1000;

/** Starts empty and remembers the last 1,000 requests. */
export function createValidations(): Validations {
  const remembered: Validation[] = [];
  const since = (asset: string, fromMs: number): Validation[] =>
    remembered.filter((validation) => validation.asset === asset && validation.atMs >= fromMs);
  return {
    add(asset, nowMs, checked) {
      const invalid = checked.filter((event) => event.errors.length > 0);
      remembered.push({ asset, atMs: nowMs, events: checked.length, invalid });
      if (remembered.length > MOST_REMEMBERED) remembered.shift();
    },
    logs(asset, nowMs) {
      const logs = since(asset, nowMs - DAY_MS).flatMap((validation) =>
        validation.invalid.map((event) => ({
          time: validation.atMs,
          event: event.event,
          status: 'INVALID',
          errors: {
            codes: event.errors.map((error) => error.code),
            error_msgs: event.errors.map((error) => error.message),
          },
        })),
      );
      return jsonAnswer(200, { status: 'VALID', event_logs: logs });
    },
    stats(asset, nowMs) {
      const recent = since(asset, nowMs - HOUR_MS);
      const events = recent.reduce((sum, validation) => sum + validation.events, 0);
      const invalid = recent.reduce((sum, validation) => sum + validation.invalid.length, 0);
      return jsonAnswer(200, { status: 'VALID', stats: { events, valid: events - invalid, invalid } });
    },
  };
}
