/** One passkey of the list: its name, when it was created and used, and buttons to rename and remove it. */
import { useState, type ReactNode } from 'react';
import Translate, { translate } from '@docusaurus/Translate';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import AuthField from '@theme/AuthField';
import AuthForm from '@theme/AuthForm';
import AuthListButton from '@theme/AuthListButton';
import type { Props } from '@theme/AuthPasskeyLine';
import {
  nameError,
  useFactors,
  useForm,
  type Passkey,
} from 'docusaurus-plugin-auth-service/client';

export default function AuthPasskeyLine({ passkey, onRenamed, onRemove }: Props): ReactNode {
  const [isRenaming, setRenaming] = useState(false);
  const name = passkey.name || unnamed();
  if (isRenaming) {
    return (
      <li>
        <RenameForm
          passkey={passkey}
          onRenamed={async () => {
            await onRenamed();
            setRenaming(false);
          }}
        />
      </li>
    );
  }
  return (
    <li>
      <div>
        <bdi>{name}</bdi>
        <small className="auth-muted auth-session-times">
          <Times passkey={passkey} />
        </small>
      </div>
      <AuthListButton
        label={translate({
          id: 'theme.auth.passkeys.rename',
          message: 'Rename',
          description: 'The button that renames a passkey',
        })}
        name={renameName(name)}
        onClick={() => {
          setRenaming(true);
          return Promise.resolve();
        }}
      />
      <AuthListButton
        label={translate({
          id: 'theme.auth.passkeys.remove',
          message: 'Remove',
          description: 'The button that removes a passkey',
        })}
        name={removeName(name)}
        onClick={() => onRemove(passkey)}
      />
    </li>
  );
}

function Times({ passkey }: { readonly passkey: Passkey }): ReactNode {
  const { currentLocale } = useDocusaurusContext().i18n;
  const format = (date: string | Date) =>
    new Date(date).toLocaleDateString(currentLocale, { dateStyle: 'medium' });
  const { createdAt, lastUsedAt } = passkey;
  return (
    <>
      {createdAt && (
        <Translate
          id="theme.auth.passkeys.created"
          description="In the list of passkeys"
          values={{ date: format(createdAt) }}
        >
          {'Created {date}'}
        </Translate>
      )}
      <br />
      {lastUsedAt ? (
        <Translate
          id="theme.auth.passkeys.used"
          description="In the list of passkeys"
          values={{ date: format(lastUsedAt) }}
        >
          {'Last used {date}'}
        </Translate>
      ) : (
        <Translate id="theme.auth.passkeys.unused" description="In the list of passkeys">
          Not used yet
        </Translate>
      )}
    </>
  );
}

interface RenameProps {
  readonly passkey: Passkey;
  readonly onRenamed: () => Promise<void>;
}

function RenameForm({ passkey, onRenamed }: RenameProps): ReactNode {
  const { passkeys } = useFactors();
  const form = useForm(
    (field) => passkeys.rename({ id: passkey.id, name: field('name').trim() }),
    () => void onRenamed(),
    (field) => ({ name: nameError(field('name')) }),
  );
  return (
    <AuthForm
      form={form}
      label={translate({
        id: 'theme.auth.passkeys.renameSubmit',
        message: 'Save the name',
        description: 'The button that saves the name of a passkey',
      })}
      busyLabel={translate({
        id: 'theme.auth.passkeys.renaming',
        message: 'Saving…',
        description: 'The button while the request is pending',
      })}
    >
      <AuthField
        label={translate({
          id: 'theme.auth.passkeys.name',
          message: 'Name of the passkey',
          description: 'The label of a field',
        })}
        name="name"
        autoComplete="off"
        defaultValue={passkey.name ?? ''}
        error={form.errors.name}
      />
    </AuthForm>
  );
}

const unnamed = () =>
  translate({
    id: 'theme.auth.passkeys.unnamed',
    message: 'A passkey without a name',
    description: 'In the list of passkeys',
  });

const renameName = (name: string) =>
  translate(
    {
      id: 'theme.auth.passkeys.renameName',
      message: 'Rename {name}',
      description: 'Label of the button that renames a passkey, for screen readers',
    },
    { name },
  );

const removeName = (name: string) =>
  translate(
    {
      id: 'theme.auth.passkeys.removeName',
      message: 'Remove {name}',
      description: 'Label of the button that removes a passkey, for screen readers',
    },
    { name },
  );
