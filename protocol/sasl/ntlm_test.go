package sasl

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/trace"
)

// untimed takes the time out of a CHALLENGE_MESSAGE: the pair gets an id that
// nobody knows. Other messages stay.
func untimed(n int, octets []byte) []byte {
	if n == 1 {
		return bytes.Replace(octets, []byte{7, 0, 8, 0}, []byte{99, 0, 8, 0}, 1)
	}
	return octets
}

func ntlmVector(t *testing.T, id string) vector {
	t.Helper()
	all := vectors(t, "ntlm")
	i := slices.IndexFunc(all, func(v vector) bool { return v.ID == id })
	if i < 0 || len(all) != 10 {
		t.Fatalf("no vector %q, or more of them", id)
	}
	return all[i]
}

func hexValue(t *testing.T, digits string) trace.Value {
	t.Helper()
	return trace.Value{Octets: []byte(fromHex(t, digits))}
}

func wantHex(t *testing.T, what string, v trace.Value, digits string) {
	t.Helper()
	if got := hex.EncodeToString(v.Octets); got != digits || digits == "" {
		t.Errorf("%s is %s, want %q", what, got, digits)
	}
}

// Group ntlm, NTL-05, NTL-06: the hashes of a password, [MS-NLMP] §4.2.2.1 and
// §4.2.4.1.
func TestNTLMHashes(t *testing.T) {
	rec := trace.NewRecorder(trace.Client)
	env := testEnv(0, rec)
	v1, v2, lm := ntlmVector(t, "ntlm-ntowfv1"), ntlmVector(t, "ntlm-ntowfv2"), ntlmVector(t, "ntlm-lmowfv1")
	nt := ntowf(env, trace.Constant(v1.In.PasswordText))
	wantHex(t, v1.ID, nt, v1.Out.NTHash)
	wantHex(t, v2.ID, ntowf2(env, nt, trace.Constant(v2.In.UserText), env.Trace.UTF16("domain-utf16", trace.Constant(v2.In.Domain))), v2.Out.NTOWFv2)
	hash, ok := lmowf(env, trace.Constant(lm.In.PasswordText))
	if wantHex(t, lm.ID, hash, lm.Out.LMHash); !ok || lm.Steps.Magic != "KGS!@#$%" {
		t.Errorf("%s: %v, %q", lm.ID, ok, lm.Steps.Magic)
	}
	wantOut(t, "ntlm", rec.Take(), map[string]string{"password-utf16": v1.Steps.Wide, "user-and-domain": v2.Steps.UpperUserDomain, "password-14": lm.Steps.Upper14})
	for _, password := range []string{"", "14 characters!", strings.Repeat("x", 15), "pässwort"} {
		if _, ok := lmowf(&Env{}, trace.Constant(password)); ok != (len(password) <= 14 && password != "pässwort") {
			t.Errorf("%q has an LM hash: %v", password, ok)
		}
	}
}

// Group ntlm: the responses of all versions, [MS-NLMP] §4.2.2.2, §4.2.3.2 and
// §4.2.4.2, and the keys of NTLMv2. None is exchanged over SMTP.
func TestNTLMResponses(t *testing.T) {
	for _, test := range []struct {
		id    string
		level NTLMLevel
	}{{"ntlm-v1-response", NTLMLM}, {"ntlm2-session-response", NTLMv1Extended}} {
		v := ntlmVector(t, test.id)
		a := ntlmAnswer{flags: ntlmAgreed}
		a.v1(&Env{}, test.level, ntowf(&Env{}, trace.Constant(v.In.PasswordText)), v.In.PasswordText, hexValue(t, v.In.ServerChallenge), hexValue(t, v.In.ClientChallenge))
		wantHex(t, test.id, a.nt, v.Out.NTResponse)
		wantHex(t, test.id, a.lm, v.Out.LMResponse)
		if a.flags&ntlmExtended != 0 != (test.level == NTLMv1Extended) {
			t.Errorf("%s: flags %x", test.id, a.flags)
		}
	}
	v := ntlmVector(t, "ntlm-v2-response")
	rec := trace.NewRecorder(trace.Client)
	env := testEnv(0, rec)
	key := ntowf2(env, ntowf(env, trace.Constant(v.In.PasswordText)), trace.Constant(v.In.UserText), env.Trace.UTF16("domain-utf16", trace.Constant(v.In.Domain)))
	var a ntlmAnswer
	proof := a.v2(env, key, hexValue(t, v.In.ServerChallenge), hexValue(t, v.In.ClientChallenge), trace.Value{Octets: make([]byte, 8)}, hexValue(t, v.In.TargetInfoHex), false)
	wantHex(t, v.ID, proof, v.Out.Proof)
	wantHex(t, v.ID, a.nt, v.Out.NTResponse)
	wantHex(t, v.ID, a.lm, v.Out.LMResponse)
	ntlmMIC(env, key, proof, trace.Value{}, trace.Value{}, trace.Value{})
	steps := rec.Take()
	wantOut(t, v.ID, steps, map[string]string{"temp": v.Steps.Temp, "SessionBaseKey": v.Out.BaseKey})
	if err := trace.Check(steps); err != nil {
		t.Error(err)
	}
}

// Group ntlm, NTL-01: the messages of [MS-SMTPNTLM] §4.2 taken apart, with all
// their fields; put together again from those, a message is the same.
func TestNTLMMessages(t *testing.T) {
	one, two, three := ntlmVector(t, "ntlm-type1-decode"), ntlmVector(t, "ntlm-type2-decode"), ntlmVector(t, "ntlm-type3-decode")
	octets := fromBase64(t, one.In.Response64)
	m, ok := readNegotiate([]byte(octets))
	if !ok || fmt.Sprintf("%08x", m.flags) != one.Out.Flags || one.Out.Signature != ntlmSignature {
		t.Errorf("%s: %v, %x", one.ID, ok, m.flags)
	}
	octets = fromBase64(t, two.In.Challenge64)
	m, ok = readChallenge([]byte(octets))
	if !ok || fmt.Sprintf("%08x", m.flags) != two.Out.Flags || hex.EncodeToString([]byte(octets[m.challenge.from:m.challenge.to])) != two.Out.ServerChallenge {
		t.Errorf("%s: %v, %x", two.ID, ok, m.flags)
	}
	if got := reads(m.fields, "TargetName"); got != two.Out.TargetName {
		t.Errorf("%s: target %q", two.ID, got)
	}
	pairs := avPairs([]byte(octets[m.info.from:m.info.to]))
	for i, want := range two.Out.TargetInfo {
		p := pairs.pairs[i]
		if got := fmt.Sprint([]any{float64(p.id), wideText(pairs.octets[p.value.from:p.value.to])}); got != fmt.Sprint(want) {
			t.Errorf("%s: %s, want %v", two.ID, got, want)
		}
	}
	if len(pairs.pairs) != 5 || pairs.broken {
		t.Errorf("%s: %d pairs", two.ID, len(pairs.pairs))
	}
	octets = fromBase64(t, three.In.Response64)
	m, ok = readAuthenticate([]byte(octets))
	cut := func(s span) string { return hex.EncodeToString([]byte(octets[s.from:s.to])) }
	if !ok || cut(m.lm) != three.Out.LMResponse || cut(m.nt) != three.Out.NTResponse || !m.mic.empty() {
		t.Errorf("%s: %v, %s, %s", three.ID, ok, cut(m.lm), cut(m.nt))
	}
	for label, want := range map[string]string{"DomainName": three.Out.Domain, "UserName": three.Out.UserText, "Workstation": three.Out.Workstation, "MessageType": "3", "Version": "5.2.3790"} {
		if got := reads(m.fields, label); got != want || want == "" {
			t.Errorf("%s: %s reads %q, want %q", three.ID, label, got, want)
		}
	}
}

// reads is what the field with a label says.
func reads(fields []trace.Field, label string) string {
	for _, f := range fields {
		if f.Label == label {
			return f.Reads
		}
	}
	return "no field " + label
}

// Both halves say the messages with the sample values of [MS-NLMP] §4.2.4 in
// them: NTL-05, and NTL-03, NTL-08 where the server does not tell the time.
func TestNTLMSample(t *testing.T) {
	v := ntlmVector(t, "ntlm-v2-response")
	client := mechanism(t, "NTLM").Client(credentials("", v.In.UserText, v.In.PasswordText), ClientOptions{NTLM: NTLMClient{Domain: v.In.Domain, Workstation: "COMPUTER"}})
	env := &Env{Rand: bytes.NewReader(hexValue(t, v.In.ClientChallenge).Octets), Now: func() time.Time { return time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC) }}
	if r, err := client.Next(env, Send(trace.Constant("ntlm supported"))); err != nil || len(r.Send.Octets) != 32 || r.Done {
		t.Fatalf("NTL-03: %+v, %v", r, err)
	}
	info := hexValue(t, v.In.TargetInfoHex)
	name := (*trace.Recorder)(nil).UTF16("", trace.Constant("Server"))
	at := ntlmBuffers(48, name, info)
	challenge := ntlmPut(&Env{}, "", readChallenge, trace.Constant(ntlmSignature), ntlmNumber(2), at[0], ntlmNumber(0xe28a8233),
		hexValue(t, v.In.ServerChallenge), trace.Constant("\x00\x00\x00\x00\x00\x00\x00\x00"), at[1], name, info)
	r, err := client.Next(env, Send(challenge))
	if err != nil || !r.Done {
		t.Fatalf("%+v, %v", r, err)
	}
	m, ok := readAuthenticate(r.Send.Octets)
	if !ok || m.flags&^ntlmAgreed != 0 {
		t.Fatalf("%x", r.Send.Octets)
	}
	wantHex(t, v.ID, m.nt.of(r.Send.Value), v.Out.NTResponse)
	wantHex(t, v.ID, m.lm.of(r.Send.Value), v.Out.LMResponse)
	wantHex(t, "MIC", m.mic.of(r.Send.Value), strings.Repeat("00", 16))
}

// NTL-08: with the server's time in the challenge the response has that time,
// an LM response of zeros and a MIC; without it, none of the three.
func TestNTLMTime(t *testing.T) {
	for _, timed := range []bool{true, false} {
		m := meeting{mechanism: "NTLM", store: newStore(t, clearAccount("tim", "secret")), credentials: credentials("", "tim", "secret")}
		if !timed {
			m.tamper = untimed
		}
		got := m.talk(t)
		if got.result.Done != timed { // what was changed is noticed
			t.Fatalf("timed %v: %v, %v", timed, got.result, got.serverErr)
		}
		message := strings.TrimPrefix(got.lines[len(got.lines)-1], "C: ")
		a, ok := readAuthenticate([]byte(message))
		if !ok {
			t.Fatalf("%q", message)
		}
		zeros := func(s span) bool { return strings.Trim(message[s.from:s.to], "\x00") == "" }
		if zeros(a.lm) != timed || zeros(a.mic) == timed {
			t.Errorf("timed %v: LM %q, MIC %q", timed, message[a.lm.from:a.lm.to], message[a.mic.from:a.mic.to])
		}
		pairs := avPairs([]byte(message[a.nt.from+ntlmProof+ntlmTempHead : a.nt.to]))
		if pairs.flags() == avHasMIC != timed {
			t.Errorf("timed %v: flags %x", timed, pairs.flags())
		}
	}
}

// Each level against a server that takes NTLMv1 and one that does not (DEP-05),
// with the password and with its NT hash stored; other verifiers are told apart
// (AUTH-31), and NTLM's own serves PLAIN.
func TestNTLMLevels(t *testing.T) {
	for _, level := range NTLMLevels {
		for _, stored := range []Stored{Clear, StoredNT} {
			for _, old := range []bool{true, false} {
				for _, password := range []string{"pässwörd", "password"} {
					m := meeting{mechanism: "NTLM", store: newStore(t, Account{Name: "jürgen", Password: Secret{Text: "pässwörd"}, Stored: stored}),
						credentials: credentials("", "jürgen", password), client: ClientOptions{NTLM: NTLMClient{Level: level, Domain: "straße"}}, server: ServerOptions{Host: "mail.example.org", NTLM: NTLMServer{NTLMv1: old}}}
					got := m.talk(t)
					switch {
					case level != NTLMv2 && !old:
						wantFault(t, string(level), got.serverErr, Error{Refused, "DEP-05", "old-response"})
					case password != "pässwörd":
						wantFault(t, string(level), got.serverErr, Error{Refused, "AUTH-27", "wrong-password"})
					case got.serverErr != nil || !got.result.Done || !got.result.Checked || got.result.Authcid != "jürgen" || got.result.Authzid != "jürgen":
						t.Errorf("%q, %s: %+v, %v", level, stored, got.result, got.serverErr)
					}
				}
			}
		}
	}
	for _, stored := range StoredKinds {
		store := newStore(t, Account{Name: "tim", Password: Secret{Text: "secret"}, Stored: stored})
		got := meeting{mechanism: "NTLM", store: store, credentials: credentials("", "tim", "secret")}.talk(t)
		if able := stored == Clear || stored == StoredNT; able != got.result.Done {
			t.Errorf("%s: %+v, %v", stored, got.result, got.serverErr)
		} else if !able {
			wantFault(t, string(stored), got.serverErr, Error{Transition, "AUTH-31", "other-verifier"})
		}
		if got := (meeting{mechanism: "PLAIN", store: store, credentials: credentials("", "tim", "secret")}).talk(t); !got.result.Done {
			t.Errorf("PLAIN, %s: %v", stored, got.serverErr)
		}
	}
}

// swaks 20201014.0 and Cyrus SASL 2.1.28 as they were recorded: our hashes make
// the response of NTLMv1 that a real client sent.
func TestNTLMRecorded(t *testing.T) {
	challenge := fromBase64(t, "TlRMTVNTUAACAAAAIAAgADAAAAAFogIAjqHfNylFSwAAAAAAAAAAAAAAAAAAAAAATQBBAEkATAAuAEUAWABBAE0AUABMAEUALgBPAFIARwA=")
	said := fromBase64(t, "TlRMTVNTUAADAAAAGAAYAEAAAAAYABgAWAAAACAAIABwAAAABgAGAJAAAAAGAAYAlgAAAAAAAABcAAAABaICAIljhesq65N+NJmiiY0BfmbXYr7HOaC76+SGvkEMX26v/BzLm7VOabt8wnpN8dtB1k0AQQBJAEwALgBFAFgAQQBNAFAATABFAC4ATwBSAEcAdABpAG0AdABpAG0A")
	c, ok := readChallenge([]byte(challenge))
	m, fine := readAuthenticate([]byte(said))
	if !ok || !fine || reads(m.fields, "UserName") != "tim" || reads(m.fields, "DomainName") != reads(c.fields, "TargetName") {
		t.Fatalf("%v, %v, %+v, %+v", ok, fine, c, m)
	}
	var a ntlmAnswer
	const password = "tanstaaftanstaaf"
	a.v1(&Env{}, NTLMLM, ntowf(&Env{}, trace.Constant(password)), password, c.challenge.of(trace.Constant(challenge)), trace.Value{})
	if said[m.nt.from:m.nt.to] != a.nt.String() {
		t.Errorf("%x, not %x", said[m.nt.from:m.nt.to], a.nt.Octets)
	}
}

// NTL-10: who stole the store logs in without the password, which NTLMv2 never
// asks for: pass the hash.
func TestNTLMPassTheHash(t *testing.T) {
	store := newStore(t, Account{Name: "tim", Password: Secret{Text: "secret"}, Stored: StoredNT})
	env := testEnv(0, nil)
	server := mechanism(t, "NTLM").Server(store, ServerOptions{Host: "mail.example.org"})
	negotiate := trace.Constant(ntlmSignature + "\x01\x00\x00\x00\x01\x02\x08\x00")
	r, err := server.Next(env, Send(negotiate))
	if err != nil {
		t.Fatal(err)
	}
	m, _ := readChallenge(r.Send.Octets)
	stolen := trace.Value{Octets: store.entries["tim"].nt}
	a := ntlmAnswer{flags: m.flags, user: env.Trace.UTF16("", trace.Constant("tim"))}
	a.v2(env, ntowf2(env, stolen, trace.Constant("tim"), trace.Constant("")), m.challenge.of(r.Send.Value), trace.Constant("12345678"),
		trace.Constant("12345678"), m.info.of(r.Send.Value), false)
	if r, err = server.Next(env, Send(ntlmPut(env, "", readAuthenticate, a.message(trace.Constant(ntlmNoMIC))...))); err != nil || !r.Done || r.Authcid != "tim" {
		t.Errorf("%+v, %v", r, err)
	}
}
