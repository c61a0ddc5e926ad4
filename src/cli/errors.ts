import type { Command, CommanderError } from 'commander';

import { RunError, type ErrorPlace } from '../errors.js';
import { quoteName } from '../printable.js';
import { nearestHint } from '../nearest.js';
import { printableName } from '../report/format.js';
import { paint, safeText } from './terminal.js';

/** An error for people: what, where, how to fix it. Ends in a line end. */
export function errorText(error: RunError, colored: boolean): string {
  const label = paint(`error[${error.code}]`, 'red', colored);
  return `${label}: ${safeText(`${error.message}${saysWhere(error) ? '' : placeText(error.place)}\n  fix: ${error.fix}\n`)}`;
}

/** Messages of the reader begin with the file and name the place themselves. */
function saysWhere({ message, place }: RunError): boolean {
  return place.file !== undefined && message.startsWith(place.file);
}

function placeText(place: ErrorPlace): string {
  const parts: string[] = [];
  if (place.file !== undefined) {
    parts.push(`${printableName(place.file)}${place.line === undefined ? '' : `:${place.line}`}`);
  } else if (place.line !== undefined) parts.push(`line ${place.line}`);
  if (place.row !== undefined) parts.push(`row ${place.row}`);
  if (place.column !== undefined) parts.push(`column ${quoteName(place.column)}`);
  if (place.byte !== undefined) parts.push(`byte ${place.byte}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/**
 * Any thrown value as a RunError. An unexpected one becomes `internal` with the names of the functions it came
 * through; its own message is left out, because it may quote data.
 */
export function asRunError(thrown: unknown): RunError {
  if (thrown instanceof RunError) return thrown;
  // A name can be set by anybody who throws.
  const name = thrown instanceof Error && /^\w{1,60}$/.test(thrown.name) ? thrown.name : typeof thrown;
  const frames = thrown instanceof Error ? stackFrames(thrown) : '';
  return new RunError('internal', `unexpected ${name}${frames}`, {
    fix: 'This is a bug: please report it with the lines above. They hold no data of yours.',
  });
}

/** Lines that only look like a frame may be part of a message, which may quote anything. */
const FRAME =
  /^ {4}at (?:async )?(?:(?:new )?[\w$.<>#]+ (?:\[as [\w$]+\] )?\()?(?:file:\/\/|node:)[^\s()]+:\d+:\d+\)?$/;

function stackFrames(error: Error): string {
  const { message, stack = '' } = error;
  return stack
    .slice(stack.indexOf(message) + message.length)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, 8)
    .map((line) => `\n${line}`)
    .join('');
}

/** A complaint of the argument parser as a usage error. Values of unknown flags are not repeated. */
export function usageError(error: CommanderError, command: Command): RunError {
  const message = error.message.replace(/^error: /, '').replace(/\s*\(Did you mean[^]*$/, '');
  const fix = `See \`${commandPath(command)} --help\`.`;
  if (error.code === 'commander.unknownOption') return unknownFlag(message, command, fix);
  if (error.code === 'commander.unknownCommand') {
    const word = /'([^']*)'/.exec(message)?.[1] ?? '';
    return unknownCommand(word, namesOf(command), fix);
  }
  if (error.code === 'commander.help') {
    const known = namesOf(command).join(', ');
    return new RunError('usage', `which command? ${commandPath(command)} has ${known}`, { fix });
  }
  return new RunError('usage', safeText(message).replaceAll('\n', ' '), { fix });
}

/** Names that other programs have for the same command. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['validate', 'check'],
  ['verify', 'check'],
  ['lint', 'check'],
  ['test', 'check'],
  ['send', 'export'],
  ['upload', 'export'],
  ['push', 'export'],
  ['deliver', 'export'],
]);

function unknownCommand(word: string, known: readonly string[], fix: string): RunError {
  const synonym = SYNONYMS.get(word.toLowerCase());
  if (synonym === undefined || !known.includes(synonym)) return unknownWord('command', word, known, fix);
  return new RunError('usage', `unknown command ${quoteName(word)}; did you mean ${quoteName(synonym)}?`, {
    fix,
  });
}

/** A usage error for a word that is not in a list, with the nearest one. */
export function unknownWord(kind: string, word: string, known: Iterable<string>, fix: string): RunError {
  return new RunError('usage', `unknown ${kind} ${quoteName(word)}${nearestHint(word, known)}`, { fix });
}

function unknownFlag(message: string, command: Command, fix: string): RunError {
  const flag = /'([^'=]*)/.exec(message)?.[1] ?? '';
  if (/^--(api[-_]?)?token$/i.test(flag)) {
    return secretFlag(
      flag,
      'a token',
      'Use api_token in the config (best as "${NAME}"), SNAPCAPI_API_TOKEN in the environment, or --token-file.',
    );
  }
  if (
    /^--(oauth[-_]?)?(client[-_]?secret|(refresh|access)[-_]?token|(authorization[-_]?)?code)$/i.test(flag)
  ) {
    return secretFlag(
      flag,
      'a secret',
      'Use `snapcapi auth login`, which asks for it or takes --client-secret-file, or SNAPCAPI_OAUTH_CLIENT_SECRET and SNAPCAPI_OAUTH_REFRESH_TOKEN in the environment.',
    );
  }
  const flags = command.options.flatMap((option) => option.long ?? []);
  return unknownWord('option', flag, flags, fix);
}

/** Arguments can be read by everybody on the machine, and stay in the history of the shell. */
function secretFlag(flag: string, what: string, fix: string): RunError {
  return new RunError('usage', `unknown option ${quoteName(flag)}: ${what} is never given as a flag`, {
    fix,
  });
}

function namesOf(command: Command): readonly string[] {
  return command.commands.map((one) => one.name());
}

function commandPath(command: Command): string {
  return command.parent === null ? command.name() : `${commandPath(command.parent)} ${command.name()}`;
}
