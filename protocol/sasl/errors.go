package sasl

// An Error ends an exchange. Rule is the id in spec/rules.md that decided, and
// Reason an id for whoever may see this half; to the peer all of a Kind look
// alike (RFC 4954 §4).
type Error struct {
	Kind   Kind
	Rule   string
	Reason string // "unknown-user", "wrong-password", "not-authorized", "malformed", ...
}

// A Kind is what the peer is told.
type Kind string

const (
	Refused    Kind = "refused"    // server: credentials, authzid or message not accepted
	Transition Kind = "transition" // server: no verifier for this mechanism is stored (RFC 4954 §6, 432)
	Unwanted   Kind = "unwanted"   // server: an initial response this mechanism does not take (RFC 4954 §4, 501)
	Local      Kind = "local"      // client: the credentials cannot be sent so; nothing was
	Peer       Kind = "peer"       // client: the server broke the mechanism; the exchange is cancelled
	OutOfStep  Kind = "out-of-step"
)

func (e *Error) Error() string { return "sasl: " + string(e.Kind) + ": " + e.Reason }

// Is reports whether target is an *Error of the same Kind.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && (t.Reason == "" || t.Reason == e.Reason)
}

// ErrOutOfStep is returned by a half that is called after it has finished.
var ErrOutOfStep = &Error{Kind: OutOfStep, Reason: "out-of-step"}
