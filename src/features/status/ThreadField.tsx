import { NativeSelect } from '@mantine/core';
import { availableThreads, useThreadChoice } from '../../state/thread-choice.ts';
import { Field } from '../../ui/Field.tsx';

const AUTOMATIC = 'auto';

/** How many cores a run may use: for a person who wants to keep some for other things. */
export function ThreadField() {
  const threads = useThreadChoice((state) => state.threads);
  const choose = useThreadChoice((state) => state.choose);
  const numbers = Array.from({ length: availableThreads() }, (_, index) => String(index + 1));
  return (
    <Field
      label="Threads"
      help="Threads that share each step on the WebAssembly backend, from the next start of a run on. The numbers do not depend on it. Kept in this browser, not in the experiment."
      input={(input) => (
        <NativeSelect
          {...input}
          size="xs"
          value={threads === null ? AUTOMATIC : String(threads)}
          data={[{ value: AUTOMATIC, label: 'as many as pay' }, ...numbers]}
          onChange={({ currentTarget: { value } }) => choose(value === AUTOMATIC ? null : Number(value))}
        />
      )}
    />
  );
}
