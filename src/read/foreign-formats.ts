import { RunError } from '../errors.js';
import { hasControls, startsWith } from './magic.js';

/** A format that is recognized and not read, and how to make CSV of it. */
type ForeignFormat = {
  readonly name: string;
  readonly magic: readonly (number | undefined)[];
  /** The command that writes CSV or JSON to standard output; `FILE` stands for the input. */
  readonly command?: string;
  /** Instead of a command. */
  readonly advice?: string;
};

const EXPORT_AS_CSV = 'Export the sheet as CSV UTF-8 in the spreadsheet program, and give that file.';

const PYARROW = (read: string): string =>
  `python3 -c "import sys, pyarrow.csv, ${read.slice(0, read.lastIndexOf('.'))}; pyarrow.csv.write_csv(${read}(sys.argv[1]), sys.stdout.buffer)" FILE`;

const FORMATS: readonly ForeignFormat[] = [
  {
    name: 'a Parquet file',
    magic: bytesOf('PAR1'),
    command: `duckdb -c "COPY (FROM 'FILE') TO '/dev/stdout' (FORMAT csv, HEADER)"`,
  },
  { name: 'an Arrow file', magic: bytesOf('ARROW1\0\0'), command: PYARROW('pyarrow.feather.read_table') },
  {
    name: 'an Arrow stream',
    magic: [0xff, 0xff, 0xff, 0xff, undefined, undefined, 0, 0],
    command:
      'python3 -c "import sys, pyarrow.csv, pyarrow.ipc; pyarrow.csv.write_csv(pyarrow.ipc.open_stream(sys.argv[1]).read_all(), sys.stdout.buffer)" FILE',
  },
  { name: 'an ORC file', magic: bytesOf('ORC'), command: PYARROW('pyarrow.orc.read_table') },
  {
    name: 'an Avro file',
    magic: bytesOf('Obj\x01'),
    command: `duckdb -c "INSTALL avro; LOAD avro; COPY (FROM read_avro('FILE')) TO '/dev/stdout' (FORMAT csv, HEADER)"`,
  },
  {
    name: 'an SQLite database',
    magic: bytesOf('SQLite format 3\0'),
    command: 'sqlite3 -csv -header FILE "SELECT * FROM my_table"',
  },
  {
    name: 'an Excel workbook of the old format',
    magic: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
    advice: EXPORT_AS_CSV,
  },
  { name: 'a zip archive', magic: [0x50, 0x4b, 0x03, 0x04], command: 'unzip -p FILE' },
  {
    name: 'an empty zip archive',
    magic: [0x50, 0x4b, 0x05, 0x06],
    advice: 'Produce the file again.',
  },
  {
    name: 'compressed with xz',
    magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    command: 'xz -dc FILE',
  },
  {
    name: 'compressed with bzip2',
    magic: [0x42, 0x5a, 0x68, undefined, 0x31, 0x41, 0x59, 0x26, 0x53, 0x59],
    command: 'bzip2 -dc FILE',
  },
];

/** Where the bytes stand: in the file itself, in standard input, or within compressed data. */
type Where = 'file' | 'stdin' | 'compressed';

const SAVED: Readonly<Record<Where, string>> = {
  file: 'Pipe',
  stdin: 'Save it as a file, and pipe',
  compressed: 'Decompress it into a file, and pipe',
};

/** Names that the first entries of a workbook have; documents in other zip formats have others. */
const WORKBOOK = /\[Content_Types\]\.xml|xl\/|mimetypeapplication\/vnd\.oasis\.opendocument\.spreadsheet/;

/**
 * Throws RunError `unsupported_format` when the first bytes are those of a format that is not read, with a command
 * that turns it into CSV. Names of columns may begin like one (`ORC`), so text is never refused.
 */
export function refuseForeignFormat(head: Uint8Array, file: string, where: Where): void {
  const found = FORMATS.find(({ magic }) => startsWith(head, magic));
  if (found === undefined || !hasControls(head)) return;
  const isWorkbook = found.name === 'a zip archive' && WORKBOOK.test(Buffer.from(head).toString('latin1'));
  const { name, command, advice } = isWorkbook ? { name: 'a workbook', advice: EXPORT_AS_CSV } : found;
  throw new RunError(
    'unsupported_format',
    `${file === '-' ? 'Standard input' : file} is ${name}, which cannot be read`,
    {
      place: { file },
      fix: advice ?? pipeFrom(command ?? '', file, where),
    },
  );
}

function pipeFrom(command: string, file: string, where: Where): string {
  const given = where === 'file' ? file : 'FILE';
  const saved = SAVED[where];
  const line = command.replace("'FILE'", sqlText(given)).replace('FILE', shellWord(given));
  return `${saved} its rows into the same command with - in place of the file: ${line} | snapcapi export - --config result.json`;
}

/** A name in SQL text within double quotes of the shell. */
function sqlText(name: string): string {
  return `'${name.replaceAll("'", "''").replace(/[\\"$`]/g, '\\$&')}'`;
}

function shellWord(name: string): string {
  return /^[\w./+:@%=,-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

function bytesOf(text: string): readonly number[] {
  return [...Buffer.from(text, 'latin1')];
}
