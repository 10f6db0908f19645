// GSSAPI, RFC 4752: Kerberos version 5 (RFC 4120) in the tokens of RFC 4121. The
// password does not leave its user: the key made of it opens what a key
// distribution centre answers, and in it is a session key; the ticket beside it
// has the same key for the service, sealed with the service's own.
//
//	C: AP-REQ                    the ticket, and the time under the session key
//	S: AP-REP                    the same time: the ticket could be opened
//	C: (empty)
//	S: wrap(01 000000)           the security layers on offer: none
//	C: wrap(01 000000 authzid)   the one chosen, and as whom to act
//
// Wrapped is what has a checksum under the key that the server chose last. The
// centre is one in the page (GSS-06): what it issues counts nowhere else.

package sasl

import (
	"io"
	"slices"
	"strings"
	"time"

	"example.org/smtpauth/protocol/sasl/kerberos"
	"example.org/smtpauth/protocol/trace"
)

var gssapi = Mechanism{
	Name: "GSSAPI", ClientFirst: true, Keyed: true, Rule: "GSS-01", Section: "RFC 4752 §3.1", Checks: "GSS-05", ChecksSection: "RFC 4752 §3.1",
	Facts: Facts{CrossesNothing, GainsNothing, GainsServiceKey, true, false, Today, "RFC 4752"},
	Client: func(c Credentials, o ClientOptions) Exchange {
		return &gssapiClient{Credentials: c, common: o.common()}
	},
	Server: func(s *Store, o ServerOptions) Exchange {
		return &gssapiServer{store: s, common: o.common(), GSSAPIServer: o.GSSAPI}
	},
}

// GSSAPIServer are choices of GSSAPI's server.
type GSSAPIServer struct {
	Keytab Keytab // Old is the session's
}

// A Keytab is what a server has of Kerberos: the key of smtp/host in a realm.
// Without a key GSSAPI is not offered (GSS-07).
type Keytab struct {
	Realm string `json:"realm"`
	Key   []byte `json:"key,omitempty"` // 16 or 32 octets
	Old   bool   `json:"old,omitempty"` // in a session, where no key is given: one from before the centre changed it

	// Keys are all of them where there are several: of either type, and older
	// ones, as tickets are about that were sealed with those. Key is one of them.
	Keys []ServiceKey `json:"-"`
}

// A ServiceKey is a key with the number that its centre gave it (kvno).
type ServiceKey struct {
	Version uint32
	Key     []byte // 16 or 32 octets
}

// keyFor is the key that a ticket names (RFC 4120 §5.2.9): of that number and
// type; where none is, of that type.
func (k Keytab) keyFor(ticket kerberos.Sealed) []byte {
	found := k.Key
	for _, key := range slices.Backward(k.Keys) {
		switch {
		case kerberos.EType(key.Key) != ticket.EType:
		case key.Version == ticket.Version:
			return key.Key
		default:
			found = key.Key
		}
	}
	return found
}

// Layers of RFC 4752 §3.3; a message about them has the layer and 3 octets with
// the largest size of a message in it, which is zero where there is none.
const (
	layerNone    = 1
	layerMessage = "\x01\x00\x00\x00"
)

const (
	confounderLength = 16 // octets
	numberLength     = 4  // octets of a sequence number or a nonce
)

type gssapiState uint8

const (
	gssapiStart  gssapiState = iota
	gssapiAsked              // server, next: AP-REQ, now that it is asked for
	gssapiReply              // client, next: AP-REP; server: the empty answer to it
	gssapiLayers             // client, next: the layers on offer; server: the one chosen
	gssapiDone
)

type gssapiClient struct {
	Credentials
	common
	state gssapiState

	authzid trace.Value // prepared, may be empty
	session trace.Value // key
	request kerberos.Authenticator
	theirs  kerberos.Wrapping
}

func (c *gssapiClient) Next(env *Env, challenge Message) (Result, error) {
	state := c.state
	c.state = gssapiDone
	switch state {
	case gssapiStart:
		if len(challenge.Octets) > 0 {
			return Result{}, &Error{Peer, "AUTH-15", "challenge-not-empty"}
		}
		return c.begin(env)
	case gssapiReply:
		return c.verify(env, challenge.Value)
	case gssapiLayers:
		return c.choose(env, challenge.Value)
	}
	return Result{}, ErrOutOfStep
}

// begin gets a ticket and shows it to the server.
func (c *gssapiClient) begin(env *Env) (Result, error) {
	if c.Password.Withheld {
		return Result{}, &Error{Local, "", "withheld"}
	}
	if env.KDC == nil {
		return Result{}, &Error{Local, "GSS-06", "no-kdc"}
	}
	authcid, reason := prepare(env.Trace, "authcid-prepared", env.Trace.Text("authcid", c.Authcid, trace.Client))
	if reason == "" && c.Authzid != "" {
		c.authzid, reason = prepare(env.Trace, "authzid-prepared", env.Trace.Text("authzid", c.Authzid, trace.Client))
	}
	if reason != "" {
		return Result{}, &Error{Local, "SAS-03", reason}
	}
	grant, err := c.ticket(env, kerberos.User(authcid))
	if err != nil {
		return Result{}, err
	}
	random := make([]byte, numberLength+confounderLength)
	if _, err := io.ReadFull(env.Rand, random); err != nil {
		return Result{}, err
	}
	c.request = kerberos.At(env.Trace, env.Now())
	c.request.Realm, c.request.Client = grant.Realm, grant.Client
	c.request.Sequence = env.Trace.Given("sequence-number", kerberos.Number(random[:numberLength]), 0)
	c.request.Checksum = kerberos.Checksum(env.Trace,
		kerberos.FlagMutual|kerberos.FlagReplay|kerberos.FlagSequence|kerberos.FlagIntegrity)
	c.state = gssapiReply
	return Result{Send: Send(c.request.Write(env.Trace, c.session, random[numberLength:], grant.Ticket.Raw))}, nil
}

// ticket asks the key distribution centre for one, and opens the session key
// with the key of the password.
func (c *gssapiClient) ticket(env *Env, user kerberos.Name) (grant kerberos.Grant, err error) {
	rec := env.Trace
	random := make([]byte, numberLength)
	if _, err := io.ReadFull(env.Rand, random); err != nil {
		return grant, err
	}
	host := strings.ToLower(c.Host)
	realm := rec.Text("client-realm", kerberos.RealmOf(host), trace.Everybody)
	service := kerberos.Host(trace.Constant(kerberos.Service), rec.Text("host", host, trace.Client)) // GSS-04
	nonce := rec.Given("kdc-nonce", kerberos.Number(random), 0)
	question := kerberos.RequestTicket(rec, realm, user, service, env.Now().Add(24*time.Hour), nonce)
	octets, err := env.KDC(question.Octets)
	if err != nil {
		return grant, err
	}
	grant, code := kerberos.ReadGrant(rec, rec.Given("kdc-answer", octets, 0))
	switch {
	case code == kerberos.ErrClientUnknown:
		return grant, &Error{Local, "GSS-04", "unknown-principal"}
	case code == kerberos.ErrServiceUnknown:
		return grant, &Error{Local, "GSS-04", "unknown-service"}
	case code != 0:
		return grant, &Error{Local, "GSS-04", "kdc-answer"}
	case grant.Iterations > MaxIterations:
		return grant, &Error{Local, "SAS-09", tooManyIterations}
	}
	salt := grant.Salt
	if len(salt.Octets) == 0 {
		salt = rec.Concat("salt", append([]trace.Value{realm}, user.Parts()...)...)
	}
	if err := env.spend(2 * grant.Iterations); err != nil { // its key is two blocks of PBKDF2
		return grant, err
	}
	key, err := kerberos.StringToKey(rec, "client-key", rec.Text("password", c.Password.Text, trace.Client), salt, grant.Iterations, kerberos.KeyLength)
	if err != nil {
		return grant, err
	}
	var opened, ok bool
	c.session, opened, ok = grant.Open(rec, key, nonce, service)
	switch {
	case !opened:
		return grant, &Error{Local, "GSS-04", "kdc-key"}
	case !ok:
		return grant, &Error{Local, "GSS-04", "kdc-answer"}
	}
	return grant, nil
}

// verify checks that the server could open the ticket.
func (c *gssapiClient) verify(env *Env, token trace.Value) (Result, error) {
	proof, opened, ok := kerberos.ReadProof(env.Trace, token, c.session)
	switch {
	case !opened:
		return Result{}, &Error{Impostor, "GSS-05", "wrong-session-key"}
	case !ok:
		return Result{}, &Error{Peer, "GSS-01", "malformed"}
	}
	sameTime := env.Trace.Compare("ctime-check", proof.Time, c.request.Time)
	if !env.Trace.Compare("cusec-check", proof.Micro, c.request.Micro) || !sameTime {
		return Result{}, &Error{Impostor, "GSS-05", "wrong-session-key"}
	}
	c.theirs = kerberos.Wrapping{Key: c.session, Acceptor: true, Sequence: proof.Sequence}
	if len(proof.Subkey.Octets) > 0 {
		c.theirs.Key, c.theirs.Subkey = proof.Subkey, true
	}
	c.state = gssapiLayers
	return Result{Send: Send(trace.Constant("")), Checked: true}, nil
}

// choose takes no security layer, and says as whom to act.
func (c *gssapiClient) choose(env *Env, token trace.Value) (Result, error) {
	offer, ok, holds := c.theirs.Unwrap(env.Trace, token)
	switch {
	case !ok:
		return Result{}, &Error{Peer, "GSS-01", "malformed"}
	case !holds:
		return Result{}, &Error{Peer, "GSS-01", "wrong-checksum"}
	case len(offer.Octets) != len(layerMessage):
		return Result{}, &Error{Peer, "GSS-02", "malformed"}
	}
	layers := env.Trace.Cut("layers", offer, 0, 1)
	env.Trace.Cut("layer-size", offer, 1, len(layerMessage)) // GSS-03: not looked at
	if layers.Octets[0]&layerNone == 0 {
		return Result{}, &Error{Peer, "GSS-02", "no-layer"}
	}
	ours := c.theirs
	ours.Acceptor, ours.Sequence = false, c.request.Sequence
	text := env.Trace.Concat("layer-choice", trace.Constant(layerMessage), c.authzid)
	return Result{Send: Send(ours.Wrap(env.Trace, text)), Done: true}, nil
}
