/**
 * The history of a run as event files, which TensorBoard draws while it grows: records in the framing of TFRecord
 * (tensorflow/core/lib/io/record_writer.cc), each an `Event` (tensorflow/core/util/event.proto). Of that message only
 * what a scalar needs is encoded here, by the wire format of Protocol Buffers.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';
import type { Losses } from '../engines/engine.ts';
import { asStorageError } from '../files.ts';
import type { Epoch } from './fit.ts';
import type { HistoryWriter } from './history.ts';

/** TensorBoard overlays curves of one name from different folders. */
const PARTS = ['train', 'validation'] as const;

const TAGS: Readonly<Record<keyof Losses, string>> = {
  loss: 'loss',
  reconstructionLoss: 'reconstruction_loss',
  regularisationLoss: 'regularisation_loss',
};

/**
 * Returns callbacks for `train` that write the losses of every epoch to event files in `{folder}/train` and
 * `{folder}/validation`; the step is the epoch. Every run needs a folder of its own.
 * @param now Milliseconds since 1970, for the times of the events.
 * @throws {InputError} from `onStart`, if the files cannot be written.
 * @throws {StorageError} from `onEpoch`, if the disk is full, for instance.
 *
 * @example
 * await train({ name: 'sensors', data, ...tensorBoard('logs/sensors-1') });
 */
export function tensorBoard(folder: string, now: () => number = Date.now): HistoryWriter {
  const name = `events.out.tfevents.${Math.floor(now() / 1000)}.latentedge`;
  const paths = PARTS.map((part) => join(folder, part, name));
  const eventsOf = (epoch: Epoch, part: (typeof PARTS)[number]) =>
    Buffer.concat(
      Object.entries(TAGS).map(([loss, tag]) =>
        record(scalar(now(), epoch.epoch, tag, epoch[part][loss as keyof Losses])),
      ),
    );
  return {
    onStart: (history) => {
      try {
        for (const [i, part] of PARTS.entries()) {
          mkdirSync(join(folder, part), { recursive: true });
          const restored = history.map((epoch) => eventsOf(epoch, part));
          writeFileSync(paths[i]!, Buffer.concat([record(version(now())), ...restored]));
        }
      } catch (cause) {
        throw new InputError(`${folder}: event files cannot be written there`, { cause });
      }
    },
    onEpoch: (epoch) => {
      for (const [i, part] of PARTS.entries()) {
        try {
          appendFileSync(paths[i]!, eventsOf(epoch, part));
        } catch (error) {
          throw asStorageError(error, paths[i]);
        }
      }
    },
  };
}

/** Numbers of the fields, times 8, plus their wire type: 0 varint, 1 of 64 bits, 2 of a length, 5 of 32 bits. */
const EVENT = { wallTime: 0x09, step: 0x10, fileVersion: 0x1a, summary: 0x2a } as const;
const SUMMARY = { value: 0x0a } as const;
const VALUE = { tag: 0x0a, simpleValue: 0x15 } as const;

/** The first event of every file. */
function version(milliseconds: number): Buffer {
  return Buffer.concat([wallTime(milliseconds), sized(EVENT.fileVersion, Buffer.from('brain.Event:2'))]);
}

function scalar(milliseconds: number, step: number, tag: string, value: number): Buffer {
  const simple = Buffer.alloc(5);
  simple.writeUInt8(VALUE.simpleValue);
  simple.writeFloatLE(value, 1);
  const own = Buffer.concat([sized(VALUE.tag, Buffer.from(tag)), simple]);
  return Buffer.concat([
    wallTime(milliseconds),
    Buffer.from([EVENT.step, ...varint(step)]),
    sized(EVENT.summary, sized(SUMMARY.value, own)),
  ]);
}

/** Seconds since 1970, as a double. */
function wallTime(milliseconds: number): Buffer {
  const field = Buffer.alloc(9);
  field.writeUInt8(EVENT.wallTime);
  field.writeDoubleLE(milliseconds / 1000, 1);
  return field;
}

function sized(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([field, ...varint(content.length)]), content]);
}

/** Seven bits per byte, the lowest first; all but the last have the highest bit set. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];
}

/** Length, its checksum, the data, its checksum. */
function record(data: Buffer): Buffer {
  const framed = Buffer.alloc(data.length + 16);
  framed.writeBigUInt64LE(BigInt(data.length));
  framed.writeUInt32LE(maskedCrc(framed.subarray(0, 8)), 8);
  framed.set(data, 12);
  framed.writeUInt32LE(maskedCrc(data), 12 + data.length);
  return framed;
}

/** CRC-32C (Castagnoli), rotated by 15 bits and offset, for checksums of data that holds checksums. */
function maskedCrc(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
