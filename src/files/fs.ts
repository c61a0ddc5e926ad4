/** What is known of a file without reading it. */
export type FileFacts = {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly uid: number;
  /** Permission bits only. */
  readonly mode: number;
  /** Tells apart all files there are at one time. */
  readonly identity: string;
};

/**
 * `append`: an existing file, written at its end. `create`: the same for a file that must not exist yet, made
 * with mode 0600. `read`: an existing file. `fresh`: like `create`, but not only written at its end. None of them follows a link. `input`: like `read`, but links are followed.
 */
export type OpenMode = 'append' | 'create' | 'fresh' | 'read' | 'input';

export type OpenFile = {
  /** Writes all of it, or rejects. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Makes this all there is in a `fresh` file, over what is there, so that it needs no more room than before. */
  readonly overwrite: (bytes: Uint8Array) => Promise<void>;
  /** Bytes read from `position` into `into`; fewer only at the end of the file. */
  readonly read: (into: Uint8Array, position: number) => Promise<number>;
  readonly truncate: (bytes: number) => Promise<void>;
  /** Resolves when content and size would survive a power loss. */
  readonly datasync: () => Promise<void>;
  readonly facts: () => Promise<FileFacts>;
  /** Sets the time of the last change, epoch ms. Needs no room on the disk. */
  readonly touch: (atMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * The little of a file system that journals and stores need, so that tests can put a disk that loses power in its place.
 * Everything rejects as node:fs does, with a `code`.
 */
export type FileSystem = {
  readonly open: (path: string, mode: OpenMode) => Promise<OpenFile>;
  /** Makes one directory with mode 0700. */
  readonly mkdir: (path: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly unlink: (path: string) => Promise<void>;
  readonly rmdir: (path: string) => Promise<void>;
  /** Makes the entries of a directory durable. */
  readonly syncDir: (path: string) => Promise<void>;
  readonly readdir: (path: string) => Promise<readonly string[]>;
  /** About the entry itself when it is a link; `undefined` when there is nothing. */
  readonly lstat: (path: string) => Promise<FileFacts | undefined>;
};
