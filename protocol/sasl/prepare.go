package sasl

import "example.org/smtpauth/protocol/trace"

// prepare returns the SASLprep form of a query string, or the reason why there
// is none to go on with: "not-prepared" or "empty".
func prepare(rec *trace.Recorder, label string, v trace.Value) (trace.Value, string) {
	return usable(rec.Prepare(label, v))
}

// prepareStored does the same for a string that is stored (RFC 3454 §7).
func prepareStored(rec *trace.Recorder, label string, v trace.Value) (trace.Value, string) {
	return usable(rec.PrepareStored(label, v))
}

func usable(v trace.Value, err error) (trace.Value, string) {
	switch {
	case err != nil:
		return v, "not-prepared"
	case len(v.Octets) == 0:
		return v, "empty"
	}
	return v, ""
}
