import { useEffect, useState } from 'preact/hooks';
import { Notice } from '../../ui/Notice.tsx';
import type { PanelProps } from '../panel.ts';
import type { MapOfCodes } from './MapOfCodes.tsx';

/** The map of codes, loaded when it is opened: most readers of the page come for something else. */
export function LazyMap(props: PanelProps) {
  const [loaded, setLoaded] = useState<{ readonly View: typeof MapOfCodes }>();
  const [error, setError] = useState<Error>();
  useEffect(() => {
    import('./MapOfCodes.tsx').then(({ MapOfCodes: View }) => setLoaded({ View }), setError);
  }, []);
  if (error) return <Notice error={error} />;
  if (loaded === undefined)
    return (
      <p role="status" aria-busy="true">
        Loading the map.
      </p>
    );
  return <loaded.View {...props} />;
}
