import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../shared/errors.ts';

export interface Publication {
  readonly title: string;
  /** Origin of the data, as a clause after the title. */
  readonly source: string;
  /** An example of what `--data` takes. */
  readonly path: string;
}

/** Published data by its folder in `$LATENTEDGE_DATA`. */
export const PUBLICATIONS = {
  mnist: {
    title: 'the four IDX files of the MNIST database',
    source: 'published at https://github.com/cvdf-datasets/mnist',
    path: 'path/to/mnist',
  },
  rain: {
    title: 'weatherAUS.csv of "Rain in Australia"',
    source: 'published at https://www.kaggle.com/datasets/jsphyg/weather-dataset-rattle-package',
    path: 'path/to/weatherAUS.csv',
  },
  'make-regression': {
    title: "data.csv and split.json of scikit-learn's make_regression",
    source: "written by the Python in the CONTRIBUTING.md of latentedge's repository",
    path: 'path/to/make-regression',
  },
  'movielens-small': {
    title: 'ratings.csv and movies.csv of MovieLens ml-latest-small',
    source: 'published at https://grouplens.org/datasets/movielens/latest/',
    path: 'path/to/ml-latest-small',
  },
  ecg5000: {
    title: 'ECG5000_TRAIN.txt and ECG5000_TEST.txt of the UCR archive',
    source: 'published at https://www.timeseriesclassification.com/description.php?Dataset=ECG5000',
    path: 'path/to/ECG5000',
  },
  embeddings: {
    title: 'minilm-wordnet.npy, 20,000 glosses of WordNet embedded by all-MiniLM-L6-v2',
    source: "written by the Python in the CONTRIBUTING.md of latentedge's repository",
    path: 'path/to/vectors.npy',
  },
  anomaly: {
    title: 'cardio and pendigits of ADBench as CSV',
    source:
      "published at https://github.com/Minqi824/ADBench; the Python in the CONTRIBUTING.md of latentedge's repository converts it",
    path: 'path/to/rows.csv',
  },
} as const satisfies Record<string, Publication>;

type Folder = keyof typeof PUBLICATIONS;
export type PublishedName = Folder | `${Folder}/${string}`;

/**
 * Returns the path of a file or folder of published data: in `$LATENTEDGE_DATA` or, by default, in
 * `../shared/data`.
 * @throws {InputError} if it is missing, with its origin and an example for `--data`.
 */
export function published(name: PublishedName): string {
  const path = join(process.env.LATENTEDGE_DATA ?? '../shared/data', name);
  if (existsSync(path)) return path;
  const publication = PUBLICATIONS[name.split('/')[0] as Folder];
  throw new InputError(
    `${path}: no such file or folder; expected ${publication.title}, ${publication.source}: get it and pass ` +
      `--data ${publication.path}, or set LATENTEDGE_DATA to the folder that holds ${name}`,
  );
}
