/** Every recipe, by the name that `npm run train -- <name>` takes. */
import { anomaly } from './anomaly.ts';
import { digits, digitsVae } from './digits.ts';
import { ecg } from './ecg.ts';
import { ecgForecast } from './ecg-forecast.ts';
import { embeddings } from './embeddings.ts';
import { embeddingsSparse } from './embeddings-sparse.ts';
import {
  mnist,
  mnistConditionalVae,
  mnistContractive,
  mnistConvolutional,
  mnistDeep,
  mnistDenoising,
  mnistSparse,
  mnistVae,
  mnistVqVae,
} from './mnist.ts';
import { movies } from './movies.ts';
import { rain } from './rain.ts';
import { rainMixed } from './rain-mixed.ts';
import { rainNumbers } from './rain-numbers.ts';
import type { AnyRecipe } from './recipe.ts';
import { recommend } from './recommend.ts';
import { recommendElsa } from './recommend-elsa.ts';
import { regressionFeatures } from './regression-features.ts';
import { tabular } from './tabular.ts';
import { windows } from './windows.ts';

export const RECIPES = {
  digits,
  'digits-vae': digitsVae,
  mnist,
  'mnist-vae': mnistVae,
  'mnist-conditional-vae': mnistConditionalVae,
  'mnist-vq-vae': mnistVqVae,
  'mnist-sparse': mnistSparse,
  'mnist-denoising': mnistDenoising,
  'mnist-contractive': mnistContractive,
  'mnist-convolutional': mnistConvolutional,
  'mnist-deep': mnistDeep,
  'regression-features': regressionFeatures,
  rain,
  'rain-mixed': rainMixed,
  'rain-numbers': rainNumbers,
  ecg,
  'ecg-forecast': ecgForecast,
  recommend,
  'recommend-elsa': recommendElsa,
  movies,
  tabular,
  anomaly,
  windows,
  embeddings,
  'embeddings-sparse': embeddingsSparse,
} as const satisfies Record<string, AnyRecipe>;
