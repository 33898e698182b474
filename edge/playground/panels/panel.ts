import type { ComponentType } from 'preact';
import type { ModelDescription } from '../../../shared/api.ts';
import type { OperationName } from '../../../shared/manifest.ts';
import type { Kind } from '../model.ts';

export interface PanelProps {
  readonly model: ModelDescription;
  /** The model as it is addressed: its name, or `name@version`. */
  readonly reference: string;
}

/** A view of a model, shown as a tab. */
export interface Panel {
  readonly title: string;
  /** Kinds of rows that it is for; absent for all. */
  readonly kinds?: readonly Kind[];
  /** Operations that the model must offer. */
  readonly needs: readonly OperationName[];
  readonly View: ComponentType<PanelProps>;
}
