package sasl

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strconv"
	"strings"

	"example.org/smtpauth/protocol/trace"
)

// The server's half of XOAUTH2 and OAUTHBEARER; oauth.go says what passes.
type oauthServer struct {
	common
	OAuthServer
	oauthKind
	store *Store
	state oauthState
	fault *Error // said in JSON
}

func (s *oauthServer) Next(env *Env, response Message) (Result, error) {
	state := s.state
	s.state = oauthDone
	switch state {
	case oauthStart:
		if !response.Present {
			s.state = oauthAsked
			return Result{Send: Send(trace.Constant(""))}, nil
		}
		fallthrough
	case oauthAsked:
		return s.verify(env, response.Value)
	case oauthFailed: // whatever it answers
		return Result{}, s.fault
	}
	return Result{}, ErrOutOfStep
}

// verify takes the message apart, checks the token, and finds whom it is for.
func (s *oauthServer) verify(env *Env, message trace.Value) (Result, error) {
	token, name, here, fault := s.parse(env, message)
	if fault != nil {
		return Result{}, fault
	}
	if !here && s.Tokens.Endpoint {
		return s.complain(env, "wrong-host")
	}
	subject, reason := checkToken(env, s.Tokens, token)
	if reason != "" {
		return s.complain(env, reason)
	}
	authcid, reason := prepare(env.Trace, "authcid-prepared", subject)
	if reason != "" {
		return s.complain(env, "wrong-user")
	}
	e := s.store.entry(authcid)
	if e.unprovable == "unknown-user" {
		return s.complain(env, "unknown-user")
	}
	if len(name.Octets) > 0 {
		label := "authzid-prepared"
		if !s.gs2 {
			label = "user-prepared"
		}
		if name, reason = prepare(env.Trace, label, name); reason != "" {
			return s.complain(env, "wrong-user")
		}
	}
	as, err := s.store.authorize(env, e.account, authcid, name) // OAB-08
	if err != nil {
		return s.complain(env, "wrong-user")
	}
	return Result{Checked: true, Done: true, Authcid: e.account.Name, Authzid: as}, nil
}

// complaints are the rules of OAUTHBEARER for what is no fault of the token.
var complaints = map[string]string{"wrong-user": "OAB-08", "wrong-host": "OAB-07"}

// complain says why the token is no good; after the client's answer the
// exchange fails (XOA-02, OAB-03).
func (s *oauthServer) complain(env *Env, reason string) (Result, error) {
	rule := s.failure
	if own, known := complaints[reason]; known && s.gs2 {
		rule = own
	}
	s.state, s.fault = oauthFailed, &Error{Refused, rule, reason}
	scope := reason == "wrong-scope"
	var said any
	if s.gs2 {
		status := map[string]string{"wrong-scope": "insufficient_scope", "wrong-host": "invalid_request"}[reason] // RFC 6750 §3.1
		said = struct {
			Status string `json:"status"`
			Scope  string `json:"scope"`
			Config string `json:"openid-configuration"`
		}{cmp.Or(status, "invalid_token"), s.Tokens.Scope, s.Tokens.Issuer + "/.well-known/openid-configuration"}
	} else {
		status := map[bool]string{false: "401", true: "403"}[scope]
		said = struct {
			Status  string `json:"status"`
			Schemes string `json:"schemes"`
			Scope   string `json:"scope"`
		}{status, "bearer", s.Tokens.Scope}
	}
	text, err := json.Marshal(said)
	if err != nil {
		return Result{}, err
	}
	return Result{Send: Send(env.Trace.Given("error-json", text, 0)), Refused: s.fault}, nil
}

// parse returns the token and the name that is asked for, which may be empty, and
// whether host and port, where they are given, are this server's.
func (s *oauthServer) parse(env *Env, message trace.Value) (token, name trace.Value, here bool, fault *Error) {
	malformed := func(rule string) (trace.Value, trace.Value, bool, *Error) {
		return token, name, false, &Error{Refused, rule, "malformed"}
	}
	broken, text := "XOA-04", message.Octets
	if s.gs2 {
		broken = "OAB-05"
	}
	end := bytes.IndexByte(text, kvsep[0])
	if end < 0 || len(text) < end+3 || !bytes.HasSuffix(text, []byte(kvsep+kvsep)) {
		return malformed(broken)
	}
	ok := false
	if name, ok = s.head(env, message, end); !ok {
		return malformed(broken)
	}
	seen := map[string]bool{}
	here = true
	for at := end + 1; at < len(text)-1; {
		stop := at + bytes.IndexByte(text[at:], kvsep[0]) // one is there: the last but one octet
		key, value, found := strings.Cut(string(text[at:stop]), "=")
		if !found || !letters(key) || seen[key] || !s.gs2 && key != "auth" {
			return malformed(broken)
		}
		seen[key] = true
		switch {
		case key == "auth":
			if len(value) < 7 || !strings.EqualFold(value[:7], "Bearer ") || !IsToken(value[7:]) {
				return malformed(broken)
			}
			token = env.Trace.Cut("token", message, at+len(bearer), stop)
		case key == "host":
			here = s.compare(env, key, env.Trace.Cut(key, message, at+len("host="), stop), s.Host) && here
		case key == "port" && s.Port != 0:
			here = s.compare(env, key, env.Trace.Cut(key, message, at+len("port="), stop), strconv.Itoa(s.Port)) && here
		}
		at = stop + 1
	}
	if !seen["auth"] {
		return malformed(broken)
	}
	return token, name, here, nil
}

// compare reports whether a host or a port is this server's, in any case.
func (s *oauthServer) compare(env *Env, key string, sent trace.Value, is string) bool {
	own := env.Trace.Text("own-"+key, is, trace.Everybody)
	if sent.String() != is && strings.EqualFold(sent.String(), is) {
		sent, own = env.Trace.Upper("host-upper", sent), env.Trace.Upper("host-upper", own)
	}
	return env.Trace.Compare(key+"-check", sent, own)
}

// head reads what stands before the first separator: "user=" and a name, or a
// GS2 header without channel binding.
func (s *oauthServer) head(env *Env, message trace.Value, end int) (name trace.Value, ok bool) {
	head := string(message.Octets[:end])
	if !s.gs2 {
		ok = len(head) > len("user=") && strings.HasPrefix(head, "user=")
		return env.Trace.Cut("authcid", message, min(len("user="), end), end), ok
	}
	switch {
	case head == "n,," || head == "y,,":
		return trace.Constant(""), true
	case len(head) > len("n,a=,") && (head[:4] == "n,a=" || head[:4] == "y,a=") && head[end-1] == ',':
		return unescapeName(env, "authzid", env.Trace.Cut("authzid-saslname", message, len("n,a="), end-1))
	}
	return trace.Value{}, false
}

func letters(key string) bool {
	for _, b := range []byte(key) {
		if !isLetter(b) {
			return false
		}
	}
	return key != ""
}
