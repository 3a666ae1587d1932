"""A certificate authority for one test run, and a server certificate of it for 127.0.0.1 and localhost."""

import datetime
import ipaddress

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALID_FOR = datetime.timedelta(days=2)


def make(folder):
    """Writes `ca.pem`, `server.pem` and `server-key.pem` into `folder`; returns their paths."""
    ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = name("Nightheron test authority")
    ca = certificate(ca_name, ca_name, ca_key.public_key()).add_extension(x509.BasicConstraints(True, 0), critical=True)
    ca = ca.add_extension(key_usage(key_cert_sign=True, crl_sign=True), critical=True).sign(ca_key, hashes.SHA256())
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
    server = (
        certificate(name("Nightheron test server"), ca_name, server_key.public_key())
        .add_extension(x509.BasicConstraints(False, None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(key_usage(digital_signature=True), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    return (
        write(folder / "ca.pem", ca.public_bytes(serialization.Encoding.PEM)),
        write(folder / "server.pem", server.public_bytes(serialization.Encoding.PEM)),
        write(folder / "server-key.pem", pem_of(server_key)),
    )


def name(common_name):
    """A distinguished name."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def certificate(subject, issuer, public_key):
    """What every certificate of a run has."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + VALID_FOR)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def key_usage(**allowed):
    """A key usage extension with these bits."""
    bits = "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
    usage = {bit: allowed.get(bit, False) for bit in [*bits.split(), "key_cert_sign", "crl_sign"]}
    return x509.KeyUsage(**usage, encipher_only=False, decipher_only=False)


def pem_of(key):
    """An unencrypted private key."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def write(path, data):
    """Writes a file for its owner alone; returns its path."""
    path.touch(mode=0o600)
    path.write_bytes(data)
    return path
