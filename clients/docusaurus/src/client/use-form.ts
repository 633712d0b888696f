/** A form that is sent by script: checked first, one answer at a time, and each fault beside the field it is about. */
import { useEffect, useRef, useState, type InputEvent, type SubmitEvent } from 'react';
import type { Outcome, Refusal } from './outcome.js';
import { refusedField } from './refused-field.js';
import { useCountdown } from './use-countdown.js';

type ReadField = (name: string) => string;

/** What is wrong, by the name of the input. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

export interface Form {
  readonly isBusy: boolean;
  /** What went wrong the last time, whether it is about one field or about the whole form. */
  readonly failure: string | undefined;
  /** What is wrong with each input. Where there is something, the first such input gets the focus. */
  readonly errors: FieldErrors;
  /** What went wrong the last time, where it is about no single input. */
  readonly refusal: Refusal | undefined;
  /** How long the service wants to be left alone; until then nothing is sent. */
  readonly secondsLeft: number;
  readonly onSubmit: (event: SubmitEvent<HTMLFormElement>) => Promise<void>;
  /** For the form: takes the error of an input away once something else is typed there. */
  readonly onInput: (event: InputEvent<HTMLFormElement>) => void;
}

/**
 * @param send is given the inputs by name
 * @param onDone follows a success
 * @param check what is known to be wrong before the service is asked
 */
export function useForm(
  send: (field: ReadField) => Promise<Outcome>,
  onDone: (form: HTMLFormElement) => void,
  check: (field: ReadField) => FieldErrors = () => ({}),
): Form {
  const form = useRef<HTMLFormElement>(null);
  // Beside the state, which the second click of a double click does not see yet.
  const isSending = useRef(false);
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [errors, setErrors] = useState<FieldErrors>({});
  const [faults, setFaults] = useState(0);
  const { secondsLeft, start } = useCountdown();

  useEffect(() => {
    if (faults > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);

  function showErrors(next: FieldErrors): void {
    setErrors(next);
    setFaults((count) => count + 1);
  }

  function showRefusal(next: Refusal, where: HTMLFormElement): void {
    if (next.retryAfterSeconds !== undefined) start(next.retryAfterSeconds);
    const field = refusedField(next, where);
    if (field === undefined) setRefusal(next);
    else showErrors({ [field]: next.message });
  }

  async function onSubmit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isSending.current || secondsLeft > 0) return;
    const where = event.currentTarget;
    form.current = where;
    const inputs = new FormData(where);
    const field = (name: string) => readText(inputs, name);
    setRefusal(undefined);
    const known = check(field);
    if (Object.values(known).some((error) => error !== undefined)) {
      showErrors(known);
      return;
    }
    isSending.current = true;
    setBusy(true);
    setErrors({});
    const outcome = await send(field).finally(() => {
      isSending.current = false;
      setBusy(false);
    });
    if (outcome.ok) onDone(where);
    else showRefusal(outcome, where);
  }

  function onInput({ target }: InputEvent<HTMLFormElement>): void {
    const { name } = target as unknown as HTMLInputElement;
    if (errors[name] !== undefined) setErrors({ ...errors, [name]: undefined });
  }

  const failure = refusal?.message ?? Object.values(errors).find((error) => error !== undefined);
  return { isBusy, failure, errors, refusal, secondsLeft, onSubmit, onInput };
}

function readText(fields: FormData, name: string): string {
  const value = fields.get(name);
  return typeof value === 'string' ? value : '';
}
