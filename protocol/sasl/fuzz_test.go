package sasl

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl/issuer"
	"example.org/smtpauth/protocol/trace"
)

// Both halves of each mechanism get hostile messages, after 0 to 2 legal ones.
// They must not panic, must say the same with and without a recorder, must end
// for good, and a server lets nobody in but who knows the password.

const fuzzPassword = "tanstaaftanstaaf"

func FuzzPlainServer(f *testing.F)   { fuzz(f, "PLAIN", true, "", "\x00tim\x00"+fuzzPassword) }
func FuzzPlainClient(f *testing.F)   { fuzz(f, "PLAIN", false, "") }
func FuzzLoginServer(f *testing.F)   { fuzz(f, "LOGIN", true, "tim", fuzzPassword) }
func FuzzLoginClient(f *testing.F)   { fuzz(f, "LOGIN", false, "Username:", "Password:") }
func FuzzCRAMMD5Client(f *testing.F) { fuzz(f, "CRAM-MD5", false, fuzzChallenge) }
func FuzzCRAMMD5Server(f *testing.F) {
	fuzz(f, "CRAM-MD5", true, "tim b913a602c7eda7a495b4e6e7334d3890")
}

// The others take what they say from an honest exchange.
func FuzzSCRAMServer(f *testing.F)       { fuzzHonest(f, "SCRAM-SHA-256", true) }
func FuzzSCRAMClient(f *testing.F)       { fuzzHonest(f, "SCRAM-SHA-256", false) }
func FuzzDIGESTMD5Server(f *testing.F)   { fuzzHonest(f, "DIGEST-MD5", true) }
func FuzzDIGESTMD5Client(f *testing.F)   { fuzzHonest(f, "DIGEST-MD5", false) }
func FuzzOAUTHBEARERServer(f *testing.F) { fuzzHonest(f, "OAUTHBEARER", true) }
func FuzzOAUTHBEARERClient(f *testing.F) { fuzzHonest(f, "OAUTHBEARER", false) }
func FuzzXOAUTH2Server(f *testing.F)     { fuzzHonest(f, "XOAUTH2", true) }
func FuzzXOAUTH2Client(f *testing.F)     { fuzzHonest(f, "XOAUTH2", false) }
func FuzzEXTERNALServer(f *testing.F)    { fuzzHonest(f, "EXTERNAL", true) }
func FuzzEXTERNALClient(f *testing.F)    { fuzzHonest(f, "EXTERNAL", false) }
func FuzzNTLMServer(f *testing.F)        { fuzzHonest(f, "NTLM", true) }
func FuzzNTLMClient(f *testing.F)        { fuzzHonest(f, "NTLM", false) }
func FuzzANONYMOUSServer(f *testing.F)   { fuzzHonest(f, "ANONYMOUS", true) }
func FuzzANONYMOUSClient(f *testing.F)   { fuzzHonest(f, "ANONYMOUS", false) }
func FuzzSCRAMPlusServer(f *testing.F)   { fuzzHonest(f, "SCRAM-SHA-1-PLUS", true) }
func FuzzSCRAMPlusClient(f *testing.F)   { fuzzHonest(f, "SCRAM-SHA-1-PLUS", false) }
func FuzzSRPServer(f *testing.F)         { fuzzHonest(f, "SRP", true) }
func FuzzSRPClient(f *testing.F)         { fuzzHonest(f, "SRP", false) }

func FuzzGSSAPIServer(f *testing.F) { fuzzHonest(f, "GSSAPI", true) }
func FuzzGSSAPIClient(f *testing.F) { fuzzHonest(f, "GSSAPI", false) }

func fuzzHonest(f *testing.F, name string, server bool) {
	m := meeting{mechanism: name, store: fuzzStore(f), credentials: fuzzCredentials(f),
		client: fuzzClient(0), server: fuzzServer(f)}
	side := "S: "
	if server {
		side = "C: "
	}
	var legal []string
	for _, line := range m.talk(f).lines {
		if said, ok := strings.CutPrefix(line, side); ok {
			legal = append(legal, said)
		}
	}
	if len(legal) == 0 { // the other half says nothing when all is well
		legal = []string{`{"status":"401"}`}
	}
	fuzz(f, name, server, legal...)
}

func fuzzClient(start uint8) ClientOptions {
	record := &quirk.Record{}
	if start > 127 {
		record.Asked = quirk.Set{quirk.LoginExact}
	}
	return ClientOptions{Quirks: record, Nonce: "clientnonce", Channel: testChannel, Host: testHost, SCRAM: SCRAMClient{FewIterations: true}}
}

func fuzzServer(t testing.TB) ServerOptions {
	o := tokenRules(t)
	o.CRAMMD5.Challenge, o.Login, o.Nonce, o.Channel = fuzzChallenge, usual, "servernonce", testChannel
	o.Host, o.GSSAPI.Keytab = testHost, testKeytab
	return o
}

func fuzzCredentials(t testing.TB) Credentials {
	c := credentials("", "tim", fuzzPassword)
	c.Token.Text = token(t, issuer.Claims{})
	return c
}

// fuzzStore holds three users, with counts that cost nothing.
func fuzzStore(t testing.TB) *Store {
	accounts := []Account{clearAccount("tim", fuzzPassword), clearAccount("Ali Baba", "Open, Sesame"), clearAccount("\u00aa", "\u0627\u0661\u0627")}
	for i := range accounts {
		accounts[i].Iterations, accounts[i].Group = 2, 1024
	}
	store := newStore(t, accounts...)
	store.dummy.iterations = 2
	return store
}

const fuzzChallenge = "<1896.697170952@postoffice.reston.mci.net>"

// fuzz fuzzes one half; legal is what the other one says.
func fuzz(f *testing.F, name string, server bool, legal ...string) {
	for n := range uint8(3) {
		for _, m := range append(legal, "", "=", "tim", "tim ", " ", "\x00\x00", "a\x00b\x00c", "\x00ti\u00adm\x00"+fuzzPassword,
			"\x00\u00aa\x00\u0627\u0661", "\xff\xfe", "Ali Baba b913a602c7eda7a495b4e6e7334d3890", strings.Repeat("\x00", 9)) {
			f.Add(n, true, []byte(m), []byte(legal[len(legal)-1]))
			f.Add(n, false, []byte{}, []byte(m))
		}
	}
	store := fuzzStore(f)
	f.Fuzz(func(t *testing.T, start uint8, present bool, first, second []byte) {
		var said [2]string
		for i, rec := range []*trace.Recorder{nil, trace.NewRecorder(trace.Server)} {
			store.authenticators = nil
			h := half{t: t, env: testEnv(0, rec)}
			if server {
				h.Exchange = mechanism(t, name).Server(store, fuzzServer(t))
			} else {
				h.Exchange = mechanism(t, name).Client(fuzzCredentials(t), fuzzClient(start))
				if name != "PLAIN" && name != "LOGIN" && name != "CRAM-MD5" {
					h.say(Message{})
				}
			}
			for _, m := range legal[:min(int(start%3), len(legal))] {
				h.say(Send(trace.Constant(m)))
			}
			h.say(Message{trace.Value{Octets: first}, present})
			h.say(Send(trace.Value{Octets: second}))
			h.say(Send(trace.Constant("")))
			h.say(Message{})
			h.say(Send(trace.Constant("")))
			if err := trace.Check(rec.Take()); err != nil {
				t.Fatal(err)
			}
			said[i] = fmt.Sprintf("%q", h.said)
			if authcid := h.authcid; authcid != "" && !knew(name, authcid, h.heard, legal) {
				t.Fatalf("%s let %q in after %q", name, authcid, h.heard)
			}
		}
		if said[0] != said[1] {
			t.Fatalf("%s without a recorder, %s with one", said[0], said[1])
		}
	})
}

// knew reports whether one field of what a server heard, prepared, shows that
// authcid's password is known.
func knew(mechanism, authcid string, heard, legal []string) bool {
	switch mechanism {
	case "EXTERNAL": // TLS knew
		return authcid == testChannel.Client
	case "NTLM":
		proof := ntlmProofOf(legal[len(legal)-1])
		return proof != "" && slices.ContainsFunc(heard, func(m string) bool { return ntlmProofOf(m) == proof })
	case "ANONYMOUS":
		return authcid == anonymousName
	}
	if mechanism != "PLAIN" && mechanism != "LOGIN" && mechanism != "CRAM-MD5" {
		// A proof covers the whole exchange: only the honest one will do, in
		// whatever words and letters it comes (a scheme, a directive, a quoted one).
		return slices.ContainsFunc(heard, func(m string) bool {
			return slices.ContainsFunc(legal, func(l string) bool {
				proof := proofOf(l)
				return proof != "" && (proof == proofOf(m) || strings.Contains(strings.ReplaceAll(m, `\`, ""), proof))
			})
		})
	}
	proof := map[string]string{"tim": fuzzPassword, "Ali Baba": "Open, Sesame", "a": "\u0627\u0661\u0627"}[authcid]
	if mechanism == "CRAM-MD5" {
		proof = cramDigest(testEnv(0, nil), trace.Constant(proof), trace.Constant(fuzzChallenge)).String()
	}
	for _, message := range heard {
		for field := range strings.SplitSeq(message, "\x00") {
			prepared, _ := prepare(nil, "", trace.Constant(field))
			if prepared.String() == proof || mechanism == "CRAM-MD5" && strings.HasSuffix(field, " "+proof) {
				return true
			}
		}
	}
	return false
}

// ntlmProofOf is the response of NTLMv2 in a message, if there is one.
func ntlmProofOf(message string) string {
	m, ok := readAuthenticate([]byte(message))
	if !ok {
		return ""
	}
	return message[m.nt.from:m.nt.to]
}

// proofOf is the part of a message, as our client writes it, that only a right
// password makes.
func proofOf(message string) string {
	if strings.HasPrefix(message, "\x05\x04") && len(message) > 16 { // GSSAPI's choice, turned back
		body := message[16:]
		turns := (int(message[6])<<8 | int(message[7])) % len(body)
		return body[turns:] + body[:turns]
	}
	if _, m1, _, ok := readSRPEvidence(testEnv(0, nil), trace.Constant(message)); ok {
		return m1.String()
	}
	for _, name := range []string{",p=", "response=", "Bearer "} {
		if _, proof, found := strings.Cut(message, name); found {
			proof, _, _ = strings.Cut(proof, ",")
			return strings.TrimRight(proof, "\x01")
		}
	}
	return ""
}

// A half is an exchange being talked to.
type half struct {
	Exchange
	t       *testing.T
	env     *Env
	over    bool
	heard   []string // until it was over
	said    []string
	authcid string
}

func (h *half) say(m Message) {
	r, err := h.Next(h.env, m)
	if !h.over {
		h.heard = append(h.heard, m.String())
	}
	h.said = append(h.said, fmt.Sprint(r.Send.String(), r.Send.Present, r.Done, r.Authcid, r.Authzid, err))
	if h.over && !errors.Is(err, ErrOutOfStep) {
		h.t.Fatalf("%+v, %v after the end", r, err)
	}
	if checkError(h.t, err); err != nil && (r.Send.Present || r.Done) {
		h.t.Fatalf("%+v beside %v", r, err)
	}
	h.over = h.over || err != nil || r.Done && !r.Open
	h.authcid += r.Authcid
}
