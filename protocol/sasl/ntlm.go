// NTLM, [MS-NLMP] over SMTP as [MS-SMTPNTLM] says: a challenge-response of
// three binary messages, written in base64 as all SASL messages are.
//
//	C: NEGOTIATE    what the client can do, as flags
//	S: CHALLENGE    8 random octets, the server's names and time
//	C: AUTHENTICATE names, and the response: HMAC-MD5 over the challenge (NTLMv2),
//	                or the challenge encrypted with DES (NTLMv1)
//
// The key is the NT hash, MD4 of the password, without salt: who has it needs no
// password. The server proves nothing, and who sits in the middle can pass the
// messages on to another server. Microsoft deprecated NTLM in 2024.

package sasl

import (
	"encoding/hex"
	"io"
	"unicode/utf8"

	"example.org/smtpauth/protocol/trace"
)

var ntlm = Mechanism{
	Name: "NTLM", Rule: "NTL-05", Section: "[MS-NLMP] §3.3.1", ClientFirst: true,
	Words: "ntlm supported",
	Facts: Facts{CrossesProof, GainsGuesses, GainsEquivalent, false, false, Historic, "[MS-NLMP]"},
	guess: []string{"CHALLENGE_MESSAGE", "AUTHENTICATE_MESSAGE"},
	Client: func(c Credentials, o ClientOptions) Exchange {
		return &ntlmClient{Credentials: c, common: o.common(), NTLMClient: o.NTLM}
	},
	Server: func(s *Store, o ServerOptions) Exchange {
		return &ntlmServer{store: s, common: o.common(), NTLMServer: o.NTLM}
	},
}

// NTLMClient are choices of NTLM's client. Both names may be empty.
type NTLMClient struct {
	Domain      string // the user's
	Workstation string // the client's own name
	Level       NTLMLevel
}

// NTLMServer are choices of NTLM's server.
type NTLMServer struct {
	Domain string // the name of a domain; empty: a server by itself
	NTLMv1 bool   // it takes responses of NTLMv1 too
}

// An NTLMLevel says which response the client makes.
type NTLMLevel string

const (
	NTLMv2         NTLMLevel = ""            // HMAC-MD5
	NTLMv1Extended NTLMLevel = "v1-extended" // DES, over a challenge of both sides
	NTLMv1         NTLMLevel = "v1"          // DES
	NTLMLM         NTLMLevel = "lm"          // NTLMv1 with the LM response beside it
)

// NTLMLevels are all of them, the best first.
var NTLMLevels = []NTLMLevel{NTLMv2, NTLMv1Extended, NTLMv1, NTLMLM}

const (
	ntlmLimit = 4096 // octets of a message; a usual one has a few hundred (SAS-09)
	ntlmNonce = 8    // octets of either side's challenge
)

type ntlmState uint8

const (
	ntlmStart  ntlmState = iota // next: NEGOTIATE
	ntlmAsked                   // server: an empty challenge went out; client: NEGOTIATE did
	ntlmIssued                  // server, next: AUTHENTICATE
	ntlmDone
)

type ntlmClient struct {
	Credentials
	common
	NTLMClient
	state     ntlmState
	negotiate trace.Value
}

func (c *ntlmClient) Next(env *Env, challenge Message) (Result, error) {
	state := c.state
	c.state = ntlmDone
	switch state {
	case ntlmStart: // whatever the server says: some say it in words (NTL-03)
		return c.offer(env)
	case ntlmAsked:
		return c.answer(env, challenge.Value)
	}
	return Result{}, ErrOutOfStep
}

// offer makes the NEGOTIATE_MESSAGE ([MS-NLMP] §2.2.1.1). It names neither
// domain nor workstation: AUTHENTICATE does.
func (c *ntlmClient) offer(env *Env) (Result, error) {
	if c.Password.Withheld {
		return Result{}, &Error{Local, "", "withheld"}
	}
	for _, text := range []string{c.Authcid, c.Password.Text, c.Domain, c.Workstation} {
		if !utf8.ValidString(text) {
			return Result{}, &Error{Local, "NTL-05", "not-utf8"}
		}
	}
	if c.Authcid == "" || c.Password.Text == "" { // would be anonymous
		return Result{}, &Error{Local, "NTL-07", "empty"}
	}
	flags := ntlmUnicode | ntlmRequestTarget | ntlmNTLM | ntlmAlwaysSign
	if c.Level == NTLMv2 || c.Level == NTLMv1Extended {
		flags |= ntlmExtended
	}
	head := []trace.Value{trace.Constant(ntlmSignature), ntlmNumber(1), ntlmNumber(flags)}
	head = append(head, ntlmBuffers(0, trace.Constant(""), trace.Constant(""))...)
	c.negotiate = ntlmPut(env, "NEGOTIATE_MESSAGE", readNegotiate, head...)
	c.state = ntlmAsked
	return Result{Send: Send(c.negotiate)}, nil
}

// answer takes the CHALLENGE_MESSAGE and makes the AUTHENTICATE_MESSAGE
// ([MS-NLMP] §3.1.5.1.2).
func (c *ntlmClient) answer(env *Env, challenge trace.Value) (Result, error) {
	m, ok := readChallenge(challenge.Octets)
	if !ok || m.flags&ntlmUnicode == 0 {
		return Result{}, &Error{Peer, "NTL-04", "malformed"}
	}
	env.Trace.Fields("CHALLENGE_MESSAGE", m.fields, challenge)
	own, err := ntlmChallengeOf(env, "client-challenge", c.Nonce)
	if err != nil {
		return Result{}, err
	}
	rec := env.Trace
	user, domain := rec.Text("authcid", c.Authcid, trace.Client), rec.UTF16("domain-utf16", rec.Text("domain", c.Domain, trace.Client))
	nt := ntowf(env, rec.Text("password", c.Password.Text, trace.Client))
	a := ntlmAnswer{flags: m.flags & ntlmAgreed, domain: domain, user: rec.UTF16("user-utf16", user),
		workstation: rec.UTF16("workstation-utf16", rec.Text("workstation", c.Workstation, trace.Client))}
	server := m.challenge.of(challenge)
	if c.Level != NTLMv2 {
		a.v1(env, c.Level, nt, c.Password.Text, server, own)
		return c.send(env, a, trace.Constant(ntlmNoMIC))
	}
	info := m.info.of(challenge)
	time, timed := avPairs(info.Octets).find(avTimestamp)
	key := ntowf2(env, nt, user, domain)
	if !timed {
		a.v2(env, key, server, own, rec.Given("timestamp", filetime(env.Now()), trace.Client), info, false)
		return c.send(env, a, trace.Constant(ntlmNoMIC))
	}
	proof := a.v2(env, key, server, own, rec.Cut("timestamp", info, time.from, time.to), withMIC(env, info), true)
	unsigned := rec.Concat("unsigned-message", a.message(trace.Constant(ntlmNoMIC))...)
	return c.send(env, a, ntlmMIC(env, key, proof, c.negotiate, challenge, unsigned))
}

func (c *ntlmClient) send(env *Env, a ntlmAnswer, mic trace.Value) (Result, error) {
	message := ntlmPut(env, "AUTHENTICATE_MESSAGE", readAuthenticate, a.message(mic)...)
	if len(message.Octets) > ntlmLimit {
		return Result{}, &Error{Local, "NTL-04", "name-too-long"}
	}
	return Result{Send: Send(message), Done: true}, nil
}

// ntlmChallengeOf makes the 8 octets of a challenge, or takes the pinned ones,
// 16 hexadecimal digits. The error is of env.Rand.
func ntlmChallengeOf(env *Env, label, pinned string) (trace.Value, error) {
	octets, err := hex.DecodeString(pinned)
	if err != nil || len(octets) != ntlmNonce {
		octets = make([]byte, ntlmNonce)
		if _, err := io.ReadFull(env.Rand, octets); err != nil {
			return trace.Value{}, err
		}
	}
	return env.Trace.Given(label, octets, 0), nil
}
