import { dirname, basename } from 'node:path';
import type { FileFacts, JournalFile, JournalFs, OpenMode } from '../../src/journal/fs.js';

type FileOp = { readonly write: Buffer } | { readonly truncate: number };
type Node =
  | { readonly kind: 'file'; data: Buffer; durable: Buffer; pending: FileOp[]; touchedMs: number }
  | { readonly kind: 'directory'; now: Map<string, Node>; durable: Map<string, Node>; pending: DirOp[] };
type Directory = Extract<Node, { kind: 'directory' }>;
type DirOp = (entries: Map<string, Node>) => void;

/** Draws an integer from 0 to `max`. */
export type Draw = (max: number) => number;

export type MemoryFs = JournalFs & {
  /** Operations so far, by name, in order. */
  readonly log: readonly string[];
  /** From now on the operation with this number (from 0) and all later ones reject; a write may leave a part. */
  readonly failAt: (operation: number, code?: string) => void;
  /** What a power loss leaves: nothing that was synced is lost, anything else may be, whole or in part. */
  readonly afterPowerLoss: (draw: Draw) => MemoryFs;
  /** The same files after the process was killed: everything written is there. */
  readonly afterKill: () => MemoryFs;
  readonly content: (path: string) => Buffer | undefined;
  readonly put: (path: string, content: Buffer) => void;
};

/** A file system in memory that remembers what was made durable. */
export function memoryFs(root: Directory = directory()): MemoryFs {
  const log: string[] = [];
  let failing: { readonly at: number; readonly code: string } | undefined;

  /** Every operation takes a turn, so that concurrent callers interleave. */
  async function step(name: string): Promise<void> {
    const number = log.length;
    log.push(name);
    await Promise.resolve();
    if (failing !== undefined && number >= failing.at) throw fault(failing.code);
  }

  function find(path: string): Node | undefined {
    let node: Node | undefined = root;
    for (const name of path.split('/').filter((part) => part !== '')) {
      if (node?.kind !== 'directory') return undefined;
      node = node.now.get(name);
    }
    return node;
  }

  function parentOf(path: string): Directory {
    const parent = find(dirname(path));
    if (parent?.kind !== 'directory') throw fault('ENOENT');
    return parent;
  }

  function change(parent: Directory, op: DirOp): void {
    op(parent.now);
    parent.pending.push(op);
  }

  function openFile(path: string, mode: OpenMode): JournalFile {
    const name = basename(path);
    let node = find(path);
    if (mode === 'create') {
      if (node !== undefined) throw fault('EEXIST');
      const made = file(Buffer.alloc(0));
      change(parentOf(path), (entries) => entries.set(name, made));
      node = made;
    }
    if (node === undefined) throw fault('ENOENT');
    if (node.kind !== 'file') throw fault('EISDIR');
    return handleOf(node);
  }

  function handleOf(node: Extract<Node, { kind: 'file' }>): JournalFile {
    return {
      write: async (bytes) => {
        const given = Buffer.from(bytes);
        try {
          await step('write');
        } catch (error) {
          append(node, given.subarray(0, Math.floor(given.length / 2)));
          throw error;
        }
        append(node, given);
      },
      overwrite: () => Promise.reject(fault('ENOTSUP')),
      read: async (into, position) => {
        await step('read');
        return node.data.copy(into, 0, position);
      },
      truncate: async (size) => {
        await step('truncate');
        node.data = Buffer.from(node.data.subarray(0, size));
        node.pending.push({ truncate: size });
      },
      datasync: async () => {
        await step('datasync');
        node.durable = node.data;
        node.pending = [];
      },
      facts: async () => {
        await step('facts');
        return factsOf(node);
      },
      touch: async (atMs) => {
        await step('touch');
        node.touchedMs = atMs;
      },
      close: () => Promise.resolve(),
    };
  }

  return {
    log,
    failAt: (at, code = 'EIO') => {
      failing = { at, code };
    },
    afterPowerLoss: (draw) => memoryFs(lossy(root, draw)),
    afterKill: () => memoryFs(root),
    content: (path) => {
      const node = find(path);
      return node?.kind === 'file' ? node.data : undefined;
    },
    put: (path, content) => {
      const made = file(content);
      change(parentOf(path), (entries) => entries.set(basename(path), made));
    },
    open: async (path, mode) => {
      await step(`open:${mode}`);
      return openFile(path, mode);
    },
    mkdir: async (path) => {
      await step('mkdir');
      if (find(path) !== undefined) throw fault('EEXIST');
      const made = directory();
      change(parentOf(path), (entries) => entries.set(basename(path), made));
    },
    rename: async (from, to) => {
      await step('rename');
      const node = find(from);
      if (node === undefined) throw fault('ENOENT');
      if (dirname(from) !== dirname(to)) throw fault('EXDEV');
      const replaced = find(to);
      if (replaced?.kind === 'directory' && replaced.now.size > 0) throw fault('ENOTEMPTY');
      change(parentOf(from), (entries) => {
        entries.delete(basename(from));
        entries.set(basename(to), node);
      });
    },
    unlink: async (path) => {
      await step('unlink');
      if (find(path) === undefined) throw fault('ENOENT');
      change(parentOf(path), (entries) => entries.delete(basename(path)));
    },
    rmdir: async (path) => {
      await step('rmdir');
      const node = find(path);
      if (node?.kind !== 'directory') throw fault('ENOENT');
      if (node.now.size > 0) throw fault('ENOTEMPTY');
      change(parentOf(path), (entries) => entries.delete(basename(path)));
    },
    syncDir: async (path) => {
      await step('syncDir');
      const node = find(path);
      if (node?.kind !== 'directory') throw fault('ENOENT');
      node.durable = new Map(node.now);
      node.pending = [];
    },
    readdir: async (path) => {
      await step('readdir');
      const node = find(path);
      if (node?.kind !== 'directory') throw fault('ENOENT');
      return [...node.now.keys()];
    },
    lstat: async (path) => {
      await step('lstat');
      const node = find(path);
      return node === undefined ? undefined : factsOf(node);
    },
  };
}

function lossy(node: Node, draw: Draw): Directory;
function lossy(node: Node, draw: Draw): Node {
  if (node.kind === 'file') return file(lossyContent(node, draw));
  const entries = new Map(node.durable);
  // Entries become durable in order, but nobody knows how far.
  for (const op of node.pending.slice(0, draw(node.pending.length))) op(entries);
  const left = directory();
  for (const [name, entry] of entries) left.durable.set(name, lossy(entry, draw));
  left.now = new Map(left.durable);
  return left;
}

function lossyContent({ durable, pending }: Extract<Node, { kind: 'file' }>, draw: Draw): Buffer {
  const kept = draw(pending.length);
  let content = pending.slice(0, kept).reduce(applied, durable);
  const torn = pending[kept];
  if (torn !== undefined) {
    const part = 'write' in torn ? { write: torn.write.subarray(0, draw(torn.write.length)) } : torn;
    content = applied(content, part);
  }
  // A disk may have grown the file without having written the blocks: they hold zeros, or what was there before.
  const unsynced = content.length - durable.length;
  if (unsynced > 0 && content.subarray(0, durable.length).equals(durable) && draw(3) === 0) {
    const hole = durable.length + draw(unsynced - 1);
    content = Buffer.from(content).fill(draw(1) === 0 ? 0 : '1', hole, hole + draw(content.length - hole));
  }
  return content;
}

function applied(content: Buffer, op: FileOp): Buffer {
  return 'write' in op ? Buffer.concat([content, op.write]) : content.subarray(0, op.truncate);
}

function append(node: Extract<Node, { kind: 'file' }>, bytes: Buffer): void {
  node.data = Buffer.concat([node.data, bytes]);
  node.pending.push({ write: bytes });
}

function file(content: Buffer): Extract<Node, { kind: 'file' }> {
  return { kind: 'file', data: content, durable: content, pending: [], touchedMs: 0 };
}

function directory(): Directory {
  return { kind: 'directory', now: new Map(), durable: new Map(), pending: [] };
}

function factsOf(node: Node): FileFacts {
  const size = node.kind === 'file' ? node.data.length : 0;
  return {
    kind: node.kind,
    size,
    mtimeNs: node.kind === 'file' ? BigInt(node.touchedMs) * 1_000_000n : 0n,
    uid: 0,
    mode: node.kind === 'file' ? 0o600 : 0o700,
    identity: '',
  };
}

function fault(code: string): Error {
  return Object.assign(new Error(`${code}: at /secret/path`), { code });
}
