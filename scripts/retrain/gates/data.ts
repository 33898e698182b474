import type { Gate } from './gate.ts';

/** Guards against a truncated data set, and labels of a single class. */
export const data: Gate = {
  summary: "at least this share of the champion's number of training rows, and labels of more than one class",
  limit: 0.5,
  judge: ({ challenger, champion, prepared }, limit) => {
    const { labels } = prepared.data;
    const classes = labels && new Set(Array.from(labels.rows).filter((label) => label >= 0)).size;
    const rows = challenger.data.rows.train;
    const before = champion?.data.rows.train;
    const isEnough = before === undefined || rows >= limit * before;
    return {
      passed: isEnough && (classes === undefined || classes > 1),
      figures: [
        `${rows} training rows${before === undefined ? '' : `, the champion had ${before}`}`,
        ...(classes === undefined ? [] : [`labels of ${classes} ${classes === 1 ? 'class' : 'classes'}`]),
      ].join('; '),
    };
  },
};
