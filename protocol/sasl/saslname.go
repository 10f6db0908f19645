package sasl

import (
	"bytes"

	"example.org/smtpauth/protocol/trace"
)

// A saslname (RFC 5801 §4, RFC 5802 §5.1) writes "," as "=2C" and "=" as "=3D":
// they separate attributes.

// escapeName writes a prepared name as a saslname.
func escapeName(env *Env, name trace.Value) trace.Value {
	if !bytes.ContainsAny(name.Octets, ",=") {
		return name
	}
	var parts []trace.Value
	from := 0
	for i, b := range name.Octets {
		if b != ',' && b != '=' {
			continue
		}
		if from < i {
			parts = append(parts, env.Trace.Cut("name-part", name, from, i))
		}
		parts = append(parts, trace.Constant(map[byte]string{',': "=2C", '=': "=3D"}[b]))
		from = i + 1
	}
	if from < len(name.Octets) {
		parts = append(parts, env.Trace.Cut("name-part", name, from, len(name.Octets)))
	}
	return env.Trace.Concat("saslname", parts...)
}

// unescapeName reads a saslname, with digits of either case (SCR-02), and
// reports whether it is one. It may be empty.
func unescapeName(env *Env, label string, name trace.Value) (trace.Value, bool) {
	if bytes.ContainsAny(name.Octets, ",\x00") {
		return trace.Value{}, false
	}
	var parts []trace.Value
	from := 0
	for {
		i := bytes.IndexByte(name.Octets[from:], '=')
		if i < 0 {
			break
		}
		i += from
		if i+3 > len(name.Octets) {
			return trace.Value{}, false
		}
		plain, ok := map[string]string{"2C": ",", "2c": ",", "3D": "=", "3d": "="}[string(name.Octets[i+1:i+3])]
		if !ok {
			return trace.Value{}, false
		}
		if from < i {
			parts = append(parts, env.Trace.Cut("name-part", name, from, i))
		}
		parts, from = append(parts, trace.Constant(plain)), i+3
	}
	if len(parts) == 0 {
		return env.Trace.Concat(label, name), true
	}
	if from < len(name.Octets) {
		parts = append(parts, env.Trace.Cut("name-part", name, from, len(name.Octets)))
	}
	return env.Trace.Concat(label, parts...), true
}
