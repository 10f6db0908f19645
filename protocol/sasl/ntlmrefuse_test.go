package sasl

import (
	"encoding/binary"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

// altered is a message with a 16-bit number in another place of it changed.
func altered(message string, at int, n uint16) string {
	octets := []byte(message)
	binary.LittleEndian.PutUint16(octets[at:], n)
	return string(octets)
}

// NTL-04, NTL-07, SAS-09: what the server refuses in a NEGOTIATE_MESSAGE and in
// an AUTHENTICATE_MESSAGE, one thing at a time.
func TestNTLMServerRefuses(t *testing.T) {
	m := meeting{mechanism: "NTLM", store: newStore(t, clearAccount("tim", "secret")), credentials: credentials("", "tim", "secret"),
		client: ClientOptions{NTLM: NTLMClient{Domain: "D", Workstation: "W"}}, server: ServerOptions{Host: "mail.example.org"}}
	lines := m.talk(t).lines
	one, three := strings.TrimPrefix(lines[0], "C: "), strings.TrimPrefix(lines[2], "C: ")
	malformed := Error{Refused, "NTL-04", "malformed"}
	for what, message := range map[string]string{
		"nothing": "", "a signature": ntlmSignature, "another signature": "X" + one[1:], "another type": three, "half of the fields": one[:20],
		"a domain behind the end": altered(one, 16, 33), "a workstation behind the end": altered(altered(one, 24, 1), 28, 32),
		"no text at all": altered(one, 12, 0x8204), "too much": one + strings.Repeat("x", ntlmLimit),
	} {
		r, err := mechanism(t, "NTLM").Server(m.store, m.server).Next(testEnv(0, nil), Send(trace.Constant(message)))
		if wantFault(t, what, err, malformed); r.Send.Present {
			t.Errorf("%s: %+v", what, r)
		}
	}
	a, _ := readAuthenticate([]byte(three))
	for what, test := range map[string]struct {
		message string
		want    Error
	}{
		"short": {three[:63], malformed}, "another type": {one, malformed}, "a name behind the end": {altered(three, 40, uint16(len(three)-2)), malformed},
		"a response that is too short": {altered(three, 20, 23), malformed}, "a response of 25 octets": {altered(three, 20, 25), malformed},
		"half a character": {altered(three, 36, 5), malformed}, "an offset past 65535": {altered(three, 26, 1), malformed},
		"another version of the response": {three[:a.nt.from+ntlmProof] + "\x02" + three[a.nt.from+ntlmProof+1:], malformed},
		"target info without an end":      {three[:len(three)-8] + "\x01\x00\x00\x00\x01\x00\x00\x00", malformed},
		"no response":                     {altered(altered(three, 20, 0), 12, 0), Error{Refused, "NTL-07", "empty"}},
		"LM alone":                        {altered(three, 20, 0), Error{Refused, "NTL-07", "empty"}},
		"no name":                         {altered(three, 36, 0), Error{Refused, "SAS-03", "empty"}},
		"24 octets":                       {altered(three, 20, 24), Error{Refused, "DEP-05", "old-response"}},
		"another proof":                   {three[:a.nt.from] + "x" + three[a.nt.from+1:], Error{Refused, "AUTH-27", "wrong-password"}},
		"another MIC":                     {three[:72] + "x" + three[73:], Error{Refused, "NTL-08", "wrong-mic"}},
		"no room for a MIC":               {altered(three, 32, 72), Error{Refused, "NTL-05", ""}},
	} {
		server, env := mechanism(t, "NTLM").Server(m.store, m.server), testEnv(m.seed, nil)
		if r, err := server.Next(env, Send(trace.Constant(one))); err != nil || !r.Send.Present {
			t.Fatalf("%s: %+v, %v", what, r, err)
		}
		r, err := server.Next(env, Send(trace.Constant(test.message)))
		if test.want.Reason == "" { // the domain of the proof is another one
			test.want = Error{Refused, "AUTH-27", "wrong-password"}
		}
		if wantFault(t, what, err, test.want); r.Done {
			t.Errorf("%s: %+v", what, r)
		}
	}
}

// NTL-01, NTL-02: asked without an initial response the server sends an empty
// challenge, then the same as with one; NTL-03: the words of others are no
// message, and what the client then gets has to be one (NTL-04).
func TestNTLMAsked(t *testing.T) {
	m := meeting{mechanism: "NTLM", store: newStore(t, clearAccount("tim", "secret")), credentials: credentials("", "tim", "secret"),
		server: ServerOptions{Host: "mail.example.org"}}
	with := m.talk(t)
	m.noInitial = true
	without := m.talk(t)
	if len(with.lines) != 3 || len(without.lines) != 4 || without.lines[0] != "S: " || !without.result.Done || with.lines[0] != without.lines[1] {
		t.Errorf("%q, %q", with.lines, without.lines)
	}
	two := strings.TrimPrefix(with.lines[1], "S: ")
	c, _ := readChallenge([]byte(two))
	for what, message := range map[string]string{
		"nothing": "", "words": mechanism(t, "NTLM").Words, "half": two[:len(two)/2], "target info promised and not there": two[:32], "another type": strings.TrimPrefix(with.lines[0], "C: "),
		"OEM text": altered(two, 20, 2), "target info behind the end": altered(two, 44, uint16(len(two))), "target info without an end": altered(two, 40, uint16(c.info.to-c.info.from-4)),
		"a time of 4 octets": strings.Replace(two, "\x07\x00\x08\x00", "\x07\x00\x04\x00", 1), "too much": two + strings.Repeat("x", ntlmLimit),
	} {
		client, env := mechanism(t, "NTLM").Client(m.credentials, m.client), testEnv(0, nil)
		if r, err := client.Next(env, Send(trace.Constant(mechanism(t, "NTLM").Words))); err != nil || r.Send.String() != strings.TrimPrefix(with.lines[0], "C: ") {
			t.Fatalf("%+v, %v", r, err)
		}
		r, err := client.Next(env, Send(trace.Constant(message)))
		if wantFault(t, what, err, Error{Peer, "NTL-04", "malformed"}); r.Send.Present {
			t.Errorf("%s: %+v", what, r)
		}
	}
}

// What a client does not begin with.
func TestNTLMClientRefuses(t *testing.T) {
	for _, test := range []struct {
		credentials Credentials
		want        Error
	}{
		{credentials("", "", "secret"), Error{Local, "NTL-07", "empty"}}, {credentials("", "tim", ""), Error{Local, "NTL-07", "empty"}},
		{credentials("", "tim\xff", "secret"), Error{Local, "NTL-05", "not-utf8"}},
		{Credentials{Authcid: "tim", Password: Secret{Withheld: true}}, Error{Local, "", "withheld"}},
	} {
		r, err := mechanism(t, "NTLM").Client(test.credentials, ClientOptions{}).Next(testEnv(0, nil), Message{})
		if wantFault(t, test.credentials.Authcid, err, test.want); r.Send.Present {
			t.Errorf("%+v", r)
		}
	}
	long := meeting{mechanism: "NTLM", store: newStore(t), credentials: credentials("", strings.Repeat("x", ntlmLimit/2), "secret")}.talk(t)
	wantFault(t, "a long name", long.clientErr, Error{Local, "NTL-04", "name-too-long"})
}
