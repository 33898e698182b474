/**
 * Stand-ins for services that only Cloudflare runs, as modules inside workerd. They answer as the documentation says,
 * and refuse what it refuses (https://developers.cloudflare.com/vectorize/platform/limits/,
 * .../vectorize/reference/client-api/, .../workers-ai/models/bge-small-en-v1.5/).
 */

export const EMBEDDED = 384;
/** Time until an upsert can be queried: Vectorize takes seconds. */
export const SETTLES_MS = 300;

/**
 * Embeds a text as the sum of a direction for each of its words, of length 1: texts with words in common are near.
 * Without imports, since its source runs in Workers, too.
 */
export function embedding(text: string, width: number): number[] {
  const values = new Array<number>(width).fill(0);
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? ['']) {
    let state = 2166136261;
    for (const letter of word) state = Math.imul(state ^ letter.charCodeAt(0), 16777619);
    for (let i = 0; i < width; i++) {
      state = Math.imul(state ^ (state >>> 15), 2246822507) + 0x9e3779b9;
      values[i]! += ((state ^ (state >>> 13)) >>> 0) / 2 ** 31 - 1;
    }
  }
  const length = Math.hypot(...values);
  return values.map((value) => Math.fround(value / length));
}

export const WORKERS_AI = `
  const embedding = ${embedding.toString()};
  export default function () {
    return {
      run: async (model, { text, pooling = 'mean' }) => {
        if (model !== '@cf/baai/bge-small-en-v1.5') throw new Error('5007: No such model ' + model);
        const texts = typeof text === 'string' ? [text] : text;
        if (!Array.isArray(texts) || texts.length === 0 || texts.length > 100 || texts.some((each) => typeof each !== 'string'))
          throw new Error('5006: Error: oneOf at "/" not met');
        return { shape: [texts.length, ${EMBEDDED}], data: texts.map((each) => embedding(each, ${EMBEDDED})), pooling };
      },
    };
  }`;

/** @param lines What `wrangler vectorize upsert` was given: a vector each. */
export const VECTORIZE = (dimensions: number, lines: readonly string[]) => `
  const bytes = (text) => new TextEncoder().encode(text).length;
  const refuse = (why) => { throw new Error('VECTOR_' + why); };
  const vectors = new Map();
  function checked({ id, values, namespace, metadata = {} }) {
    if (typeof id !== 'string' || id === '' || bytes(id) > 64) refuse('UPSERT_ERROR: id of at most 64 bytes');
    if (values.length !== ${dimensions} || !Array.from(values).every(Number.isFinite)) refuse('UPSERT_ERROR: expected ${dimensions} dimensions');
    if (namespace !== undefined && bytes(namespace) > 64) refuse('UPSERT_ERROR: namespace of at most 64 bytes');
    if (bytes(JSON.stringify(metadata)) > 10 * 1024) refuse('UPSERT_ERROR: metadata of at most 10 KiB');
    if (Object.keys(metadata).some((key) => key === '' || /[."]|^\\$/.test(key))) refuse('UPSERT_ERROR: key of metadata');
    return { id, values: Float32Array.from(values), namespace, metadata };
  }
  for (const vector of [${lines.join()}].map(checked)) vectors.set(vector.id, { ...vector, settles: 0 });
  function cosine(a, b) {
    let [dot, own, other] = [0, 0, 0];
    for (let i = 0; i < a.length; i++) { dot += a[i] * b[i]; own += a[i] ** 2; other += b[i] ** 2; }
    return dot / Math.sqrt(own * other);
  }
  export default function () {
    return {
      upsert: async (given) => {
        if (!Array.isArray(given) || given.length === 0 || given.length > 1000) refuse('UPSERT_ERROR: 1 to 1000 vectors');
        const settles = Date.now() + ${SETTLES_MS};
        for (const vector of given.map(checked)) vectors.set(vector.id, { ...vector, settles });
        return { mutationId: crypto.randomUUID() };
      },
      query: async (vector, { topK = 5, namespace, returnValues = false, returnMetadata = 'none' } = {}) => {
        if (vector.length !== ${dimensions}) refuse('QUERY_ERROR: expected ${dimensions} dimensions');
        const most = returnValues || returnMetadata === 'all' ? 20 : 100;
        if (!Number.isInteger(topK) || topK < 1 || topK > most) refuse('QUERY_ERROR: topK of 1 to ' + most);
        const matches = [...vectors.values()]
          .filter((each) => each.settles <= Date.now() && (namespace === undefined || each.namespace === namespace))
          .map(({ id, values, metadata, ...rest }) => ({
            id, score: cosine(vector, values), namespace: rest.namespace,
            ...(returnMetadata === 'all' && { metadata }), ...(returnValues && { values: [...values] }),
          }))
          .sort((a, b) => b.score - a.score)
          .slice(0, topK);
        return { count: matches.length, matches };
      },
    };
  }`;
