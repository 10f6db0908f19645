package sasl

import (
	"strings"
	"unicode/utf8"

	"example.org/smtpauth/protocol/trace"
)

// The server's half of NTLM; ntlm.go says what passes.
type ntlmServer struct {
	common
	NTLMServer
	store                *Store
	state                ntlmState
	negotiate, challenge trace.Value // the messages
	nonce, info          trace.Value // of the challenge
	flags                uint32      // likewise
}

func (s *ntlmServer) Next(env *Env, response Message) (Result, error) {
	state := s.state
	s.state = ntlmDone
	switch state {
	case ntlmStart:
		if !response.Present { // NTL-02
			s.state = ntlmAsked
			return Result{Send: Send(trace.Constant(""))}, nil
		}
		fallthrough
	case ntlmAsked:
		return s.issue(env, response.Value)
	case ntlmIssued:
		return s.verify(env, response.Value)
	}
	return Result{}, ErrOutOfStep
}

// issue takes the NEGOTIATE_MESSAGE and makes the CHALLENGE_MESSAGE ([MS-NLMP]
// §2.2.1.2). Names will be in UTF-16, or in the client's OEM character set where
// it knows nothing better ([MS-NLMP] §3.2.5.1.1).
func (s *ntlmServer) issue(env *Env, response trace.Value) (Result, error) {
	m, ok := readNegotiate(response.Octets)
	set := m.flags & (ntlmUnicode | ntlmOEM)
	if !ok || set == 0 {
		return Result{}, &Error{Refused, "NTL-04", "malformed"}
	}
	if set&ntlmUnicode != 0 {
		set = ntlmUnicode
	}
	s.negotiate = env.Trace.Fields("NEGOTIATE_MESSAGE", m.fields, response)
	nonce, err := ntlmChallengeOf(env, "server-challenge", s.Nonce)
	if err != nil {
		return Result{}, err
	}
	computer, dns, _ := strings.Cut(s.Host, ".")
	computer, domain := strings.ToUpper(computer), s.Domain
	s.flags = m.flags&(ntlmAlwaysSign|ntlmExtended) | set | ntlmNTLM | ntlmRequestTarget | ntlmTargetInfo | ntlmTargetServer
	if domain != "" {
		s.flags ^= ntlmTargetServer | ntlmTargetDomain
	} else {
		domain = computer
	}
	rec := env.Trace
	plain := rec.Text("domain", domain, trace.Everybody)
	name := rec.UTF16("domain-utf16", plain)
	target := name
	if set == ntlmOEM {
		target = plain
	}
	s.nonce, s.info = nonce, targetInfo(env,
		avPair{avNbDomainName, name},
		avPair{avNbComputerName, rec.UTF16("computer-utf16", rec.Text("computer", computer, trace.Everybody))},
		avPair{avDNSDomainName, rec.UTF16("dns-domain-utf16", rec.Text("dns-domain", dns, trace.Everybody))},
		avPair{avDNSComputerName, rec.UTF16("host-utf16", rec.Text("host", s.Host, trace.Everybody))},
		avPair{avTimestamp, rec.Given("timestamp", filetime(env.Now()), 0)})
	const head = 56 // octets
	buffers := ntlmBuffers(head, target, s.info)
	s.challenge = ntlmPut(env, "CHALLENGE_MESSAGE", readChallenge, trace.Constant(ntlmSignature), ntlmNumber(2), buffers[0],
		ntlmNumber(s.flags), nonce, trace.Constant(strings.Repeat("\x00", 8)), buffers[1], trace.Constant(ntlmNoVersion), target, s.info)
	s.state = ntlmIssued
	return Result{Send: Send(s.challenge)}, nil
}

// verify takes the AUTHENTICATE_MESSAGE and checks the response ([MS-NLMP]
// §3.2.5.1.2). The LM response is never looked at (NTL-06).
func (s *ntlmServer) verify(env *Env, response trace.Value) (Result, error) {
	m, ok := readAuthenticateIn(s.flags, response.Octets)
	if !ok {
		return Result{}, &Error{Refused, "NTL-04", "malformed"}
	}
	rec := env.Trace
	rec.Fields("AUTHENTICATE_MESSAGE", m.fields, response)
	if m.nt.empty() { // anonymous, or LM alone
		return Result{}, &Error{Refused, "NTL-07", "empty"}
	}
	user, ok := s.text(env, "authcid", m.user.of(response))
	if !ok {
		return Result{}, &Error{Refused, "NTL-04", "malformed"}
	}
	authcid, reason := prepare(rec, "authcid-prepared", user)
	if reason != "" {
		return Result{}, &Error{Refused, "SAS-03", reason}
	}
	e := s.store.entry(authcid)
	if e.unprovable != "unknown-user" && e.account.Stored != Clear && e.account.Stored != StoredNT {
		return Result{}, &Error{Transition, "AUTH-31", "other-verifier"}
	}
	var holds bool
	switch sent := m.nt.of(response); {
	case len(sent.Octets) == ntlmV1Length:
		if !s.NTLMv1 {
			return Result{}, &Error{Refused, "DEP-05", "old-response"}
		}
		nonce := s.nonce
		if s.flags&m.flags&ntlmExtended != 0 {
			if len(m.lm.of(response).Octets) != ntlmV1Length {
				return Result{}, &Error{Refused, "NTL-04", "malformed"}
			}
			nonce = ntlmSessionChallenge(env, nonce, rec.Cut("client-challenge", m.lm.of(response), 0, ntlmNonce))
		}
		holds = rec.Compare("NtChallengeResponse-check", sent, desl(env, "NtChallengeResponse", e.ntHash(env), nonce))
	default:
		var fault *Error
		if holds, fault = s.verify2(env, e, m, user, response); fault != nil {
			return Result{}, fault
		}
	}
	if err := e.outcome(holds); err != nil {
		return Result{}, err
	}
	as, err := s.store.authorize(env, e.account, authcid, trace.Constant(""))
	if err != nil {
		return Result{}, err
	}
	return Result{Checked: true, Done: true, Authcid: e.account.Name, Authzid: as}, nil
}

// text is a name of the client in UTF-8; ok is false where it is no text.
func (s *ntlmServer) text(env *Env, label string, name trace.Value) (v trace.Value, ok bool) {
	if s.flags&ntlmUnicode != 0 {
		v, err := env.Trace.FromUTF16(label, name)
		return v, err == nil
	}
	if !utf8.Valid(name.Octets) {
		return trace.Value{}, false
	}
	return env.Trace.Cut(label, name, 0, len(name.Octets)), true
}

// verify2 checks an NTLMv2 response: the proof, what the client repeats of the
// target info, and the MIC over all three messages where it says that there is
// one.
func (s *ntlmServer) verify2(env *Env, e *entry, m ntlmMessage, user, response trace.Value) (bool, *Error) {
	rec, sent := env.Trace, m.nt.of(response)
	if len(sent.Octets) < ntlmProof+ntlmTempHead {
		return false, &Error{Refused, "NTL-04", "malformed"}
	}
	fields, ok := readTemp(sent.Octets[ntlmProof:])
	if !ok {
		return false, &Error{Refused, "NTL-04", "malformed"}
	}
	proof := rec.Cut("sent-NTProofStr", sent, 0, ntlmProof)
	temp := rec.Fields("temp", fields, sent.From(ntlmProof))
	domain := m.domain.of(response)
	if s.flags&ntlmUnicode == 0 { // the key is over UTF-16 all the same
		domain = rec.UTF16("domain-utf16", domain)
	}
	key := ntowf2(env, e.ntHash(env), user, domain)
	computed := ntProof(env, key, s.nonce, temp)
	holds := rec.Compare("NTProofStr-check", proof, computed)
	pairs := avPairs(temp.Octets[ntlmTempHead:])
	if holds && !pairs.hold(avPairs(s.info.Octets)) {
		return false, &Error{Refused, "NTL-05", "wrong-target"}
	}
	if !holds || pairs.flags()&avHasMIC == 0 {
		return holds, nil
	}
	if m.mic.empty() {
		return false, &Error{Refused, "NTL-08", "malformed"}
	}
	unsigned := rec.Concat("unsigned-message", response.Range(0, m.mic.from), trace.Constant(ntlmNoMIC), response.From(m.mic.to))
	if !rec.Compare("MIC-check", m.mic.of(response), ntlmMIC(env, key, computed, s.negotiate, s.challenge, unsigned)) {
		return false, &Error{Refused, "NTL-08", "wrong-mic"}
	}
	return true, nil
}
