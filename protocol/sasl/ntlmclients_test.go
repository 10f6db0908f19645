package sasl

import (
	"encoding/binary"
	"encoding/hex"
	"testing"
	"time"

	"example.org/smtpauth/protocol/trace"
)

// Clients of others as they were recorded, with this server, as tim with the
// password "secret". curl writes OEM text and has the empty fields of its first
// message at offset 0, with those that are not in another order than ours. msmtp
// and gsasl, by libntlm, know NTLMv1 alone, have a name where the domain should
// be, and empty fields behind the end. None has a version or a MIC.
var ntlmClients = []struct {
	name, host  string
	old         bool   // NTLMv1
	workstation string // as it says
	messages    [3]string
}{
	{"curl 7.88.1", "mail.example.org", false, "WORKSTATION", [3]string{
		"TlRMTVNTUAABAAAABoIIAAAAAAAAAAAAAAAAAAAAAAA=",
		"TlRMTVNTUAACAAAABAAEADgAAAAGgooA7wBsllki9JcAAAAAAAAAAGYAZgA8AAAAAAAAAAAAAABNQUlMAgAIAE0AQQBJAEwAAQAIAE0AQQBJAEwABAAWAGUAeABhAG0AcABsAGUALgBvAHIAZwADACAAbQBhAGkAbAAuAGUAeABhAG0AcABsAGUALgBvAHIAZwAHAAgA3sHOqyR63QEAAAAA",
		"TlRMTVNTUAADAAAAGAAYAEAAAACWAJYAWAAAAAAAAADuAAAAAwADAO4AAAALAAsA8QAAAAAAAAAAAAAABoKKAGA8se13+loR5vAoC9/KNtaJdBCuyijNvKmnNe2428WwyWGDqsXWvmUBAQAAAAAAAIDQwasket0BiXQQrsoozbwAAAAAAgAIAE0AQQBJAEwAAQAIAE0AQQBJAEwABAAWAGUAeABhAG0AcABsAGUALgBvAHIAZwADACAAbQBhAGkAbAAuAGUAeABhAG0AcABsAGUALgBvAHIAZwAHAAgA3sHOqyR63QEAAAAAAAAAAHRpbVdPUktTVEFUSU9O",
	}},
	{"msmtp 1.8.23", "localhost", true, "tim", [3]string{
		"TlRMTVNTUAABAAAAB7IAAAMAAwAgAAAAAAAAACMAAAB0aW0=",
		"TlRMTVNTUAACAAAAEgASADgAAAAFgoIAex3d6LlmWAUAAAAAAAAAAFYAVgBKAAAAAAAAAAAAAABMAE8AQwBBAEwASABPAFMAVAACABIATABPAEMAQQBMAEgATwBTAFQAAQASAEwATwBDAEEATABIAE8AUwBUAAQAAAADABIAbABvAGMAYQBsAGgAbwBzAHQABwAIAHytKkEket0BAAAAAA==",
		"TlRMTVNTUAADAAAAGAAYAF4AAAAYABgAdgAAABIAEgBAAAAABgAGAFIAAAAGAAYAWAAAAAAAAACOAAAABYKCAEwATwBDAEEATABIAE8AUwBUAHQAaQBtAHQAaQBtAIHaFK+9cEZl1eT1gRsSi3VJkpjI39BfHqHMURLgQMP9LsviWq8ejCTzez/t609VMw==",
	}},
	{"gsasl 2.2.0", "localhost", true, "tim", [3]string{
		"TlRMTVNTUAABAAAAB7IAAAMAAwAgAAAAAAAAACMAAAB0aW0=",
		"TlRMTVNTUAACAAAAEgASADgAAAAFgoIAdNrBq+blOVwAAAAAAAAAAFYAVgBKAAAAAAAAAAAAAABMAE8AQwBBAEwASABPAFMAVAACABIATABPAEMAQQBMAEgATwBTAFQAAQASAEwATwBDAEEATABIAE8AUwBUAAQAAAADABIAbABvAGMAYQBsAGgAbwBzAHQABwAIAGJkOUEket0BAAAAAA==",
		"TlRMTVNTUAADAAAAGAAYAF4AAAAYABgAdgAAABIAEgBAAAAABgAGAFIAAAAGAAYAWAAAAAAAAACOAAAABYKCAEwATwBDAEEATABIAE8AUwBUAHQAaQBtAHQAaQBtAPrc1bhPZsWF26daV0LUB7lueZMAYxCGhAmYKJoQvzTJOonhgNaB/WsYNwL9pAb47w==",
	}},
}

// ntlmSaid takes a client's messages to a server that is as it was then.
func ntlmSaid(t *testing.T, store *Store, o ServerOptions, messages [3]string, change func(response string) string) ([]trace.Step, Result, error) {
	t.Helper()
	two := fromBase64(t, messages[1])
	c, ok := readChallenge([]byte(two))
	at, timed := avPairs([]byte(two[c.info.from:c.info.to])).find(avTimestamp)
	if !ok || !timed {
		t.Fatalf("%+v", c)
	}
	now := binary.LittleEndian.Uint64([]byte(two[c.info.from+at.from:]))
	o.Nonce = hex.EncodeToString([]byte(two[c.challenge.from:c.challenge.to]))
	env := testEnv(0, trace.NewRecorder(trace.Server))
	env.Now = func() time.Time { return time.Unix(int64(now/ticks)-until1970, int64(now%ticks)*100) }
	server := mechanism(t, "NTLM").Server(store, o)
	if r, err := server.Next(env, Send(trace.Constant(fromBase64(t, messages[0])))); err != nil || r.Send.String() != two {
		t.Fatalf("%+v, %v", r, err)
	}
	r, err := server.Next(env, Send(trace.Constant(change(fromBase64(t, messages[2])))))
	steps := env.Trace.Take()
	if fault := trace.Check(steps); fault != nil {
		t.Error(fault)
	}
	return steps, r, err
}

func unchanged(response string) string { return response }

// NTL-01, NTL-04, NTL-05: the recorded clients are let in with the right password
// and with no other; those of NTLMv1 only where it is taken (DEP-05).
func TestNTLMClients(t *testing.T) {
	for _, c := range ntlmClients {
		for _, password := range []string{"secret", "Secret"} {
			o := ServerOptions{Host: c.host, NTLM: NTLMServer{NTLMv1: c.old}}
			steps, r, err := ntlmSaid(t, newStore(t, clearAccount("tim", password)), o, c.messages, unchanged)
			if password != "secret" {
				wantFault(t, c.name, err, Error{Refused, "AUTH-27", "wrong-password"})
			} else if err != nil || !r.Done || !r.Checked || r.Authcid != "tim" {
				t.Errorf("%s: %+v, %v", c.name, r, err)
			}
			for label, want := range map[string]string{"UserName": "tim", "Workstation": c.workstation, "Version": "", "MIC": ""} {
				if got := readsOf(steps, "AUTHENTICATE_MESSAGE", label); got != want {
					t.Errorf("%s: %s reads %q, want %q", c.name, label, got, want)
				}
			}
		}
		if c.old {
			_, r, err := ntlmSaid(t, newStore(t, clearAccount("tim", "secret")), ServerOptions{Host: c.host}, c.messages, unchanged)
			if wantFault(t, c.name, err, Error{Refused, "DEP-05", "old-response"}); r.Done {
				t.Errorf("%s: %+v", c.name, r)
			}
		}
	}
}

// readsOf is what a field of a message says, as its trace has it.
func readsOf(steps []trace.Step, message, field string) string {
	for _, s := range steps {
		for _, sub := range s.Sub {
			if s.Label == message && sub.Label == field {
				return sub.Reads
			}
		}
	}
	return ""
}

// NTL-04, SAS-03: in OEM text too a name has to be a text and not be empty; a
// domain is part of the proof.
func TestNTLMOEM(t *testing.T) {
	curl := ntlmClients[0]
	a, _ := readAuthenticateIn(ntlmOEM, []byte(fromBase64(t, curl.messages[2])))
	for what, test := range map[string]struct {
		change func(response string) string
		want   Error
	}{
		"not UTF-8":      {func(m string) string { return m[:a.user.from] + "\xff" + m[a.user.from+1:] }, Error{Refused, "NTL-04", "malformed"}},
		"no name":        {func(m string) string { return altered(m, 36, 0) }, Error{Refused, "SAS-03", "empty"}},
		"another name":   {func(m string) string { return altered(m, 36, 2) }, Error{Refused, "AUTH-27", "unknown-user"}},
		"a domain":       {func(m string) string { return altered(m, 28, 2) }, Error{Refused, "AUTH-27", "wrong-password"}},
		"behind the end": {func(m string) string { return altered(m, 44, 12) }, Error{Refused, "NTL-04", "malformed"}},
	} {
		_, r, err := ntlmSaid(t, newStore(t, clearAccount("tim", "secret")), ServerOptions{Host: curl.host}, curl.messages, test.change)
		if wantFault(t, what, err, test.want); r.Done {
			t.Errorf("%s: %+v", what, r)
		}
	}
}

// [MS-NLMP] §3.2.5.1.1: wide text (two octets a character) where the client knows it, else OEM text, also for
// the name of the target; the target info is in wide text either way.
func TestNTLMCharacterSet(t *testing.T) {
	for flags, want := range map[uint32]uint32{ntlmUnicode: ntlmUnicode, ntlmOEM: ntlmOEM, ntlmOEM | ntlmUnicode: ntlmUnicode} {
		one := trace.Constant(ntlmSignature + "\x01\x00\x00\x00" + ntlmNumber(flags|ntlmNTLM).String())
		r, err := mechanism(t, "NTLM").Server(newStore(t), ServerOptions{Host: "mail.example.org", NTLM: NTLMServer{Domain: "Straße"}}).Next(testEnv(0, nil), Send(one))
		if err != nil {
			t.Fatal(err)
		}
		c, ok := readChallenge(r.Send.Octets)
		if !ok || c.flags&(ntlmUnicode|ntlmOEM) != want || reads(c.fields, "TargetName") != "Straße" || reads(c.fields, "MsvAvNbDomainName") != "Straße" {
			t.Errorf("%x: %x, %+v", flags, c.flags, c.fields)
		}
	}
}
