export type { FileFacts, FileSystem as JournalFs, OpenFile as JournalFile, OpenMode } from '../files/fs.js';
