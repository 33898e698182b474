/** NumPy's files for tests. */

/** Written by numpy 2.4: `np.savez_compressed(b, x=np.arange(6, dtype='u1').reshape(3, 2), y=np.array([3, -4, 5]))`. */
export const NPZ = Buffer.from(
  `UEsDBC0AAAAIAAAAIQAb+n1h//////////8FABQAeC5ucHkBABAAhgAAAAAAAABMAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6C
ell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6CkaaOgq1CmQDLgZGJmYWVgBQSwMELQAAAAgAAAAhAJ9IB6j//////////wUAFAB5Lm5weQEAEACYAAAA
AAAAAE4AAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNpoa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaxjqaOgq1ChQALmYGCPjzHwJYoXwAU
EsBAi0DLQAAAAgAAAAhABv6fWFMAAAAhgAAAAUAAAAAAAAAAAAAAIABAAAAAHgubnB5UEsBAi0DLQAAAAgAAAAhAJ9IB6hOAAAAmAAAAAUAAAAAAAAAAAAAAI
ABgwAAAHkubnB5UEsFBgAAAAACAAIAZgAAAAgBAAAAAA==`,
  'base64',
);

/** A `.npy` file with the header that numpy 2.4 writes. */
export function npyOf(type: string, shape: string, data: ArrayBufferView, fortran = 'False'): Buffer {
  const header = `{'descr': '${type}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`.padEnd(117);
  const bytes = Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  return Buffer.concat([Buffer.from(`\x93NUMPY\x01\x00v\x00${header}\n`, 'latin1'), bytes]);
}
