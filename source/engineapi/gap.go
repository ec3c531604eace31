package engineapi

import (
	"errors"
	"net/http"

	"seawall/lang"
	"seawall/snapshot"
	"seawall/source"
)

// gapFrom makes a gap of the error of a request.
func gapFrom(err error) snapshot.Gap {
	g := source.GapFrom(err)
	var status *statusError
	var malformed *decodeError
	switch {
	case errors.As(err, &status):
		g.Reason, g.Remedy = statusReason(status.status)
	case g.Reason == snapshot.ReasonTimeout:
	case errors.As(err, &malformed):
		g.Reason = snapshot.ReasonMalformed
	}
	return g
}

func statusReason(status int) (snapshot.Reason, string) {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return snapshot.ReasonPermission, lang.N("let the engine's authorization plugin, or the proxy before it, allow GET requests")
	case http.StatusNotFound, http.StatusNotImplemented, http.StatusMethodNotAllowed:
		return snapshot.ReasonUnsupported, ""
	}
	return snapshot.ReasonFailed, ""
}

// notFound reports whether the engine says that an object does not exist.
func notFound(err error) bool {
	var status *statusError
	return errors.As(err, &status) && status.status == http.StatusNotFound
}

// read makes a fact of what a request returned.
func read[T any](value T, err error, path, source string) snapshot.Fact[T] {
	if err != nil {
		return snapshot.Lost[T](gapFrom(err), snapshot.At(path, source))
	}
	return snapshot.See(value, snapshot.At(path, source))
}
