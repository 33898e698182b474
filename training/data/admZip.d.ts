/** The part of adm-zip that is used here and in tests; it has no types of its own. */
declare module 'adm-zip' {
  export default class AdmZip {
    constructor(bytes?: Buffer);
    getEntries(): { readonly entryName: string; getData(): Buffer }[];
    addFile(entryName: string, content: Buffer): void;
    toBuffer(): Buffer;
  }
}
