/** A form that is sent by script: one answer at a time, and the sentence of the last one. */
import { useState, type SubmitEvent } from 'react';
import type { Outcome } from './outcome.js';

export interface Form {
  readonly isBusy: boolean;
  /** What went wrong the last time. */
  readonly failure: string | undefined;
  readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => Promise<void>;
}

/**
 * @param send is given the inputs by name
 * @param onDone follows a success
 */
export function useForm(
  send: (field: (name: string) => string) => Promise<Outcome>,
  onDone: (form: HTMLFormElement) => void,
): Form {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  async function onSubmit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isBusy) return;
    const form = event.currentTarget;
    const fields = new FormData(form);
    setBusy(true);
    setFailure(undefined);
    const outcome = await send((name) => readText(fields, name));
    setBusy(false);
    if (outcome.ok) onDone(form);
    else setFailure(outcome.message);
  }
  return { isBusy, failure, onSubmit };
}

function readText(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}
