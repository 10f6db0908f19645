package sasl

import (
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/trace"
)

//go:embed testdata/vectors.json
var vectorFile []byte

// A vector is one row of testdata/vectors.json; each group fills some fields.
type vector struct {
	ID  string `json:"id"`
	In  values `json:"in"`
	Out values `json:"out"`
	// Steps of cram-md5.
	Steps struct {
		KeyBlock  string `json:"key_block_hex"`
		Ipad      string `json:"ipad_key_hex"`
		Opad      string `json:"opad_key_hex"`
		InnerHash string `json:"inner_hash_hex"`

		// Of scram.
		Header      string `json:"gs2_header"`
		Bare        string `json:"client_first_bare"`
		CbindInput  string `json:"channel_binding_input_hex"`
		FinalBare   string `json:"client_final_without_proof"`
		AuthMessage string `json:"auth_message"`
		Salted      string `json:"salted_password_hex"`
		ClientKey   string `json:"client_key_hex"`
		StoredKey   string `json:"stored_key_hex"`
		ClientSig   string `json:"client_signature_hex"`
		Proof       string `json:"client_proof_b64"`
		ServerKey   string `json:"server_key_hex"`
		ServerSig   string `json:"server_signature_hex"`

		// Of digest-md5.
		URP     string `json:"user_realm_pass_hex"`
		URPHash string `json:"user_realm_pass_md5_hex"`
		A1      string `json:"a1_hex"`
		HA1     string `json:"ha1_hex"`
		A2      string `json:"a2_utf8"`
		HA2     string `json:"ha2_hex"`
		A2Srv   string `json:"a2_server_utf8"`
		HA2Srv  string `json:"ha2_server_hex"`

		// Of ntlm.
		Wide            string `json:"password_utf16le_hex"`
		Upper14         string `json:"upper_14_hex"`
		Magic           string `json:"magic"`
		UpperUserDomain string `json:"upper_user_domain_utf16le_hex"`
		Temp            string `json:"temp_hex"`
	} `json:"steps"`
	Expect    string `json:"expect"`
	Kind      string `json:"kind"`
	Mechanism string `json:"mechanism"`
}

type values struct {
	Authzid      string `json:"authzid_utf8"`
	Authcid      string `json:"authcid_utf8"`
	Username     string `json:"username_utf8"`
	Password     string `json:"password_utf8"`
	Challenge    string `json:"challenge_utf8"`
	Response     string `json:"response_utf8"`
	ChallengeHex string `json:"challenge_hex"`
	MessageHex   string `json:"message_hex"`
	Challenge64  string `json:"challenge_base64"`
	Response64   string `json:"response_base64"`
	Username64   string `json:"username_base64"`
	Password64   string `json:"password_base64"`
	PasswordHex  string `json:"password_hex"`
	ReplyLine    string `json:"reply_line"`
	DigestHex    string `json:"digest_hex"`

	// Of scram.
	ClientNonce string `json:"client_nonce"`
	ServerNonce string `json:"server_nonce"`
	Salt64      string `json:"salt_base64"`
	Iterations  int    `json:"iterations"`
	Flag        string `json:"cbflag"`
	BindingHex  string `json:"cbdata_hex"`
	ClientFirst string `json:"client_first"`
	ServerFirst string `json:"server_first"`
	ClientFinal string `json:"client_final"`
	ServerFinal string `json:"server_final"`
	Type        any    `json:"message_type"` // SCRAM's is a word, NTLM's a number
	Message     string `json:"message_utf8"`

	// Of digest-md5.
	Realm          string `json:"realm_utf8"`
	Nonce          string `json:"nonce"`
	CNonce         string `json:"cnonce"`
	Count          string `json:"nc"`
	QOP            any    `json:"qop"`
	URI            string `json:"digest_uri"`
	ChallengeNonce string `json:"challenge_nonce"`
	ClientMessage  string `json:"client_message_utf8"`
	DigestValue    string `json:"response"`
	Rspauth        string `json:"rspauth"`

	// Of oauth and external-anonymous.
	User    string `json:"user_utf8"`
	Token   string `json:"token"`
	Host    string `json:"host"`
	Port    int    `json:"port"`
	JSON    string `json:"json_utf8"`
	Reply   string `json:"client_reply_line"`
	Command string `json:"command"`
	Trace   string `json:"trace_utf8"`

	// Of ntlm.
	UserText        string  `json:"user"`
	PasswordText    string  `json:"password"`
	Domain          string  `json:"domain"`
	Workstation     string  `json:"workstation"`
	ServerChallenge string  `json:"server_challenge_hex"`
	ClientChallenge string  `json:"client_challenge_hex"`
	TargetInfoHex   string  `json:"target_info_hex"`
	NTHash          string  `json:"nt_hash_hex"`
	LMHash          string  `json:"lm_hash_hex"`
	NTOWFv2         string  `json:"ntowfv2_hex"`
	NTResponse      string  `json:"nt_response_hex"`
	LMResponse      string  `json:"lm_response_hex"`
	Proof           string  `json:"nt_proof_str_hex"`
	BaseKey         string  `json:"session_base_key_hex"`
	Signature       string  `json:"signature"`
	Flags           string  `json:"negotiate_flags_hex"`
	TargetName      string  `json:"target_name"`
	TargetInfo      [][]any `json:"target_info"`
}

func vectors(t testing.TB, group string) []vector {
	t.Helper()
	var groups map[string][]vector
	if err := json.Unmarshal(vectorFile, &groups); err != nil {
		t.Fatal(err)
	}
	if len(groups[group]) == 0 {
		t.Fatalf("no vectors in group %q", group)
	}
	return groups[group]
}

func fromHex(t testing.TB, digits string) string {
	t.Helper()
	octets, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	return string(octets)
}

func fromBase64(t testing.TB, spelling string) string {
	t.Helper()
	octets, err := base64.StdEncoding.DecodeString(spelling)
	if err != nil {
		t.Fatal(err)
	}
	return string(octets)
}

// Group plain, PLA-01, PLA-02, PLA-03: the client says the message, the server
// takes it apart, and refuses what breaks the grammar.
func TestPlainVectors(t *testing.T) {
	for _, v := range vectors(t, "plain") {
		if v.Expect == "reject" {
			message := fromHex(t, v.In.MessageHex)
			store := newStore(t, clearAccount("tim", "x"), clearAccount("\u00ff", "px"))
			got, err := mechanism(t, "PLAIN").Server(store, ServerOptions{}).
				Next(testEnv(0, nil), Send(trace.Constant(message)))
			if fault, ok := err.(*Error); !ok || fault.Kind != Refused || fault.Rule != "PLA-02" || got.Done {
				t.Errorf("%s: Next(%q) = %+v, %v, want PLA-02", v.ID, message, got, err)
			}
			continue
		}
		account := clearAccount(v.In.Authcid, v.In.Password)
		if v.In.Authzid != "" {
			account.ActAs = []string{v.In.Authzid}
		}
		got := meeting{mechanism: "PLAIN", store: newStore(t, account),
			credentials: credentials(v.In.Authzid, v.In.Authcid, v.In.Password)}.talk(t)
		if want := []string{"C: " + fromHex(t, v.Out.MessageHex)}; !slices.Equal(got.lines, want) {
			t.Errorf("%s: %q, want %q", v.ID, got.lines, want)
		}
		if line := find(t, got.clientSteps, "line").Out.String(); line != v.Out.Response64 {
			t.Errorf("%s: the line is %s, want %s", v.ID, line, v.Out.Response64)
		}
		as := v.In.Authzid
		if as == "" {
			as = v.In.Authcid
		}
		if r := got.result; got.serverErr != nil || !r.Done || r.Authcid != v.In.Authcid || r.Authzid != as {
			t.Errorf("%s: %+v, %v", v.ID, r, got.serverErr)
		}
	}
}

// Group login, LOG-01, LOG-02, LOG-03: whatever the prompts are.
func TestLoginVectors(t *testing.T) {
	prompts := []string{"Username:", "Password:"}
	for _, v := range vectors(t, "login") {
		switch {
		case v.In.ChallengeHex != "":
			prompt := fromHex(t, v.In.ChallengeHex)
			prompts = append(prompts, prompt)
			got := meeting{mechanism: "LOGIN", store: newStore(t), credentials: credentials("", "tim", "secret"),
				server: ServerOptions{Login: Prompts{Username: prompt}}}.talk(t)
			if line := find(t, got.serverSteps, "line").Out.String(); "334 "+line != v.Out.ReplyLine {
				t.Errorf("%s: %s, want %s", v.ID, line, v.Out.ReplyLine)
			}
		case v.In.Username != "":
			for _, prompt := range prompts {
				got := meeting{mechanism: "LOGIN", store: newStore(t, hashedAccount(v.In.Username, v.In.Password)),
					credentials: credentials("", v.In.Username, v.In.Password),
					server:      ServerOptions{Login: Prompts{Username: prompt, Password: prompt}}}.talk(t)
				want := []string{"S: " + prompt, "C: " + fromBase64(t, v.Out.Username64),
					"S: " + prompt, "C: " + fromBase64(t, v.Out.Password64)}
				if !slices.Equal(got.lines, want) || got.serverErr != nil || got.result.Authcid != v.In.Username {
					t.Errorf("%s: %q, %+v, %v, want %q", v.ID, got.lines, got.result, got.serverErr, want)
				}
			}
		case v.Out.PasswordHex != "": // the password is not UTF-8: refused like a wrong one
			server := mechanism(t, "LOGIN").Server(newStore(t, clearAccount(v.Out.Username, "x")), ServerOptions{})
			env := testEnv(0, nil)
			if r, err := server.Next(env, Send(trace.Constant(fromBase64(t, v.In.Username64)))); err != nil || !r.Send.Present {
				t.Fatalf("%s: %+v, %v", v.ID, r, err)
			}
			_, err := server.Next(env, Send(trace.Constant(fromHex(t, v.Out.PasswordHex))))
			wantFault(t, v.ID, err, Error{Refused, "SAS-03", "not-prepared"})
		default:
			t.Errorf("%s: nothing to test", v.ID)
		}
	}
}

// Group cram-md5 with its steps: RFC 2195 §2 and the draft's examples, CRM-02,
// CRM-03, CRM-04, CRM-07; reject rows, CRM-05.
func TestCRAMMD5Vectors(t *testing.T) {
	for _, v := range vectors(t, "cram-md5") {
		switch {
		case v.Expect != "":
			m := meeting{mechanism: "CRAM-MD5", store: newStore(t, clearAccount("tim", "tanstaaftanstaaf")),
				server: ServerOptions{CRAMMD5: CRAMMD5Server{Challenge: "<1896.697170952@postoffice.reston.mci.net>"}}}
			err := m.answer(t, v.In.Response)
			wantFault(t, v.ID, err, Error{Refused, "CRM-05", "malformed"})
		case v.Kind == "format-only": // the password is not known: the digest is wrong for any we choose
			m := meeting{mechanism: "CRAM-MD5", store: newStore(t, clearAccount(v.Out.Username, "x")),
				server: ServerOptions{CRAMMD5: CRAMMD5Server{Challenge: fromBase64(t, v.In.Challenge64)}}}
			if v.Out.Challenge != m.server.CRAMMD5.Challenge || fromBase64(t, v.In.Response64) != v.Out.Username+" "+v.Out.DigestHex {
				t.Errorf("%s: %q, %q", v.ID, m.server.CRAMMD5.Challenge, fromBase64(t, v.In.Response64))
			}
			wantFault(t, v.ID, m.answer(t, fromBase64(t, v.In.Response64)), Error{Refused, "AUTH-27", "wrong-password"})
		default:
			got := meeting{mechanism: "CRAM-MD5", store: newStore(t, clearAccount(v.In.Username, v.In.Password)),
				credentials: credentials("", v.In.Username, v.In.Password),
				server:      ServerOptions{CRAMMD5: CRAMMD5Server{Challenge: v.In.Challenge}}}.talk(t)
			if want := []string{"S: " + v.In.Challenge, "C: " + v.Out.Response}; !slices.Equal(got.lines, want) {
				t.Errorf("%s: %q, want %q", v.ID, got.lines, want)
			}
			if got.serverErr != nil || !got.result.Done || got.result.Authcid != v.In.Username {
				t.Errorf("%s: %+v, %v", v.ID, got.result, got.serverErr)
			}
			for _, steps := range [][]trace.Step{got.clientSteps, got.serverSteps} {
				for label, want := range map[string]string{"key-block": v.Steps.KeyBlock, "inner-pad": v.Steps.Ipad,
					"outer-pad": v.Steps.Opad, "inner-hash": v.Steps.InnerHash, "digest": v.Out.DigestHex,
					"digest-hex": hex.EncodeToString([]byte(v.Out.DigestHex))} {
					if got := hex.EncodeToString(find(t, steps, label).Out.Octets); got != want {
						t.Errorf("%s: %s is %s, want %s", v.ID, label, got, want)
					}
				}
			}
		}
	}
}

// answer gives one response to the server's challenge.
func (m meeting) answer(t testing.TB, response string) error {
	t.Helper()
	server, env := mechanism(t, m.mechanism).Server(m.store, m.server), testEnv(m.seed, nil)
	if r, err := server.Next(env, Message{}); err != nil || !r.Send.Present {
		t.Fatalf("no challenge: %+v, %v", r, err)
	}
	_, err := server.Next(env, Send(trace.Constant(response)))
	return err
}

// Group smtp-transcripts, which package server has: the lines of AUTH exchanges
// with these mechanisms, RFC 4954 §4.1 among them, said by both halves.
func TestTranscripts(t *testing.T) {
	file, err := os.ReadFile("../server/testdata/smtp-transcripts.json")
	if err != nil {
		t.Fatal(err)
	}
	var transcripts []struct {
		ID       string
		Dialogue []string // "C: AUTH LOGIN"
	}
	if err := json.Unmarshal(file, &transcripts); err != nil || len(transcripts) != 7 {
		t.Fatalf("%d transcripts, want 7; %v", len(transcripts), err)
	}
	for _, v := range transcripts {
		var lines []string // of the exchange, decoded
		name, initial, inside, refused := "", false, false, false
		for _, d := range v.Dialogue {
			who, line, _ := strings.Cut(d, ": ")
			verb, rest, _ := strings.Cut(line, " ")
			switch {
			case who == "C" && verb == "AUTH":
				name, rest, initial = strings.Cut(rest, " ")
				if inside = true; initial {
					lines = append(lines, "C: "+fromBase64(t, rest))
				}
			case inside && who == "S" && verb == "334":
				lines = append(lines, "S: "+fromBase64(t, rest))
			case inside && line == "*":
				refused = true
			case inside && who == "C":
				lines = append(lines, "C: "+fromBase64(t, line))
			}
		}
		if v.ID == "rfc4954-cram-md5" || v.ID == "unknown-mechanism" { // its password is not published: group cram-md5; nobody has it
			continue
		}
		authcid, password := "tim", "tanstaaftanstaaf"
		m := meeting{mechanism: name, noInitial: !initial, client: ClientOptions{Login: LoginClient{Initial: initial}},
			server: ServerOptions{Login: Prompts{Username: "Username:", Password: "Password:"}}}
		switch name {
		case "PLAIN": // RFC 4954's names itself twice
			authcid, password = "test", "1234"
			m.credentials.Authzid = authcid
		case "CRAM-MD5":
			m.server.CRAMMD5.Challenge = strings.TrimPrefix(lines[0], "S: ")
		}
		m.store = newStore(t, clearAccount(authcid, password))
		m.credentials.Authcid, m.credentials.Password.Text = authcid, password
		got := m.talk(t)
		if refused {
			got.lines = got.lines[:len(lines)] // the client cancels where ours goes on
		}
		if !slices.Equal(got.lines, lines) || got.serverErr != nil || !got.result.Done {
			t.Errorf("%s: %q, %v, want %q", v.ID, got.lines, got.serverErr, lines)
		}
	}
}

// find returns the only step with label, or the first "line".
func find(t testing.TB, steps []trace.Step, label string) trace.Step {
	t.Helper()
	var found []trace.Step
	var walk func([]trace.Step)
	walk = func(steps []trace.Step) {
		for _, s := range steps {
			if s.Label == label {
				found = append(found, s)
			}
			walk(s.Sub)
		}
	}
	walk(steps)
	if len(found) == 0 || len(found) > 1 && label != "line" {
		t.Fatalf("%d steps are labelled %q", len(found), label)
	}
	return found[0]
}
