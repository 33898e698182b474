/** The request handler of the timed Workers. */

/**
 * Calls `run` `runs` times on `batch` rows of `width` values, as given by the request's query, and answers
 * afterwards.
 */
export async function repeatedly(
  request: Request,
  width: number,
  run: (rows: Float32Array<ArrayBuffer>, batch: number) => unknown,
): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const [runs, batch] = [Number(searchParams.get('runs')), Number(searchParams.get('batch'))];
  const rows = Float32Array.from({ length: batch * width }, (_, i) => (i % 100) / 100);
  for (let i = 0; i < runs; i++) await run(rows, batch);
  return new Response('done');
}
