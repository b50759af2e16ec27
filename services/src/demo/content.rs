//! What the demo is made of. All of it is invented; it is in Spanish, as a Mexican merchant would write it.

use domain::{account::Role, earning::LotKind, offers::Category, stations::Amenity};

pub(super) const MERCHANTS: [&str; 2] = ["Gasolineras La Estrella", "Servicio El Faro"];

pub(super) struct Person {
    pub email: &'static str,
    pub name: &'static str,
    pub role: Role,
}

pub(super) const PEOPLE: [Person; 5] = [
    Person {
        email: "consumer@demo.test",
        name: "Lucía Robles",
        role: Role::Consumer,
    },
    Person {
        email: "attendant@demo.test",
        name: "Mario Cantú",
        role: Role::Attendant,
    },
    Person {
        email: "manager@demo.test",
        name: "Elena Villaseñor",
        role: Role::Manager,
    },
    Person {
        email: "admin@demo.test",
        name: "Tomás Aguirre",
        role: Role::Admin,
    },
    // Approves what the other asks for.
    Person {
        email: "admin2@demo.test",
        name: "Irene Salgado",
        role: Role::Admin,
    },
];

/// Points that the programme has given the consumer: days ago, how many, as what.
pub(super) const GIFTS: [(i64, i64, LotKind); 3] = [
    // Promotional points last three months, so these expire soon.
    (78, 650, LotKind::Promotional),
    (21, 1_800, LotKind::Standard),
    (12, 200, LotKind::Gift),
];

/// Sales that have brought the consumer points: days ago, pesos, receipt.
pub(super) const SALES: [(i64, &str, &str); 6] = [
    (45, "1250.00", "A-20417"),
    (33, "864.50", "A-20988"),
    (24, "1430.00", "A-21560"),
    (15, "720.00", "A-22031"),
    (8, "1185.30", "A-22474"),
    (2, "940.00", "A-22910"),
];

/// What the second admin has asked for: points, and why.
pub(super) const ADJUSTMENT: (i64, &str) = (
    1_500,
    "Compensación: la bomba 4 no registró tres cargas de octubre.",
);

pub(super) const TERMS: &str = "Válido en las estaciones participantes, una vez por código. \
    No es canjeable por efectivo ni acumulable con otras promociones.";

pub(super) struct DemoOffer {
    pub merchant: usize,
    pub name: &'static str,
    pub description: &'static str,
    pub category: Category,
    pub points_cost: i64,
    pub stock: Option<i32>,
}

const fn offer(
    merchant: usize,
    category: Category,
    points_cost: i64,
    stock: Option<i32>,
    name: &'static str,
    description: &'static str,
) -> DemoOffer {
    DemoOffer {
        merchant,
        name,
        description,
        category,
        points_cost,
        stock,
    }
}

pub(super) const OFFERS: [DemoOffer; 10] = [
    offer(
        0,
        Category::Food,
        120,
        None,
        "Café americano grande",
        "Recién hecho, de grano veracruzano. Pídelo en la barra de la tienda y elige tu tapa.",
    ),
    offer(
        0,
        Category::CarWash,
        450,
        Some(80),
        "Lavado exterior",
        "Lavado a presión, enjabonado y secado. Dura unos doce minutos; no hace falta cita.",
    ),
    offer(
        0,
        Category::Fuel,
        900,
        Some(200),
        "50 pesos de gasolina",
        "Cincuenta pesos menos en tu próxima carga de Regular o Premium, en cualquier bomba.",
    ),
    offer(
        0,
        Category::Food,
        280,
        Some(40),
        "Torta y refresco",
        "La torta del día con un refresco de 600 ml. Desde las 8 y hasta que se acaben.",
    ),
    offer(
        0,
        Category::CarCare,
        650,
        Some(25),
        "Revisión de niveles",
        "Aceite, anticongelante, frenos y presión de llantas, con hoja de resultados.",
    ),
    offer(
        0,
        Category::Shop,
        200,
        None,
        "Bolsa de hielo de 5 kg",
        "Para la hielera del fin de semana. Recógela en caja.",
    ),
    offer(
        1,
        Category::Food,
        90,
        None,
        "Pan dulce a elegir",
        "Concha, cuernito u oreja: la pieza que más se te antoje, horneada en la mañana.",
    ),
    offer(
        1,
        Category::CarWash,
        700,
        Some(30),
        "Lavado completo con aspirado",
        "Por fuera y por dentro, con aspirado de tapetes y limpieza de tablero.",
    ),
    offer(
        1,
        Category::Fuel,
        1_700,
        Some(100),
        "100 pesos de diésel",
        "Cien pesos menos en una carga de diésel. Solo en bombas de diésel.",
    ),
    offer(
        1,
        Category::Other,
        3_500,
        Some(5),
        "Juego de llaves de cruz",
        "Llave de cruz reforzada y calzas, en su estuche. Para que una ponchadura no te detenga.",
    ),
];

pub(super) struct DemoStation {
    pub merchant: Option<usize>,
    pub name: &'static str,
    pub brand: &'static str,
    pub address: &'static str,
    pub position: (f64, f64),
    pub time_zone: &'static str,
    pub is_24_hours: bool,
    pub amenities: &'static [Amenity],
    /// Centavos per litre of regular, premium and diesel; 0 where it is not sold.
    pub prices: [i32; 3],
}

const FULL: &[Amenity] = &[
    Amenity::CarWash,
    Amenity::ConvenienceStore,
    Amenity::Atm,
    Amenity::Restrooms,
    Amenity::AirPump,
];
const SHOP: &[Amenity] = &[
    Amenity::ConvenienceStore,
    Amenity::Restrooms,
    Amenity::AirPump,
];
const PLAIN: &[Amenity] = &[Amenity::Restrooms];
const CENTRE: &str = "America/Mexico_City";
const NORTH: &str = "America/Monterrey";
const SOUTH: &str = "America/Merida";

macro_rules! station {
    ($merchant:expr, $name:literal, $brand:literal, $address:literal, ($lat:literal, $lon:literal), $zone:expr,
     $all_day:literal, $amenities:expr, $prices:expr) => {
        DemoStation {
            merchant: $merchant,
            name: $name,
            brand: $brand,
            address: $address,
            position: ($lat, $lon),
            time_zone: $zone,
            is_24_hours: $all_day,
            amenities: $amenities,
            prices: $prices,
        }
    };
}

pub(super) const STATIONS: [DemoStation; 12] = [
    station!(
        Some(0),
        "La Estrella Minerva",
        "La Estrella",
        "Av. Vallarta 2440, Guadalajara",
        (20.6745, -103.3875),
        CENTRE,
        true,
        FULL,
        [2349, 2559, 2489]
    ),
    station!(
        Some(0),
        "La Estrella Chapalita",
        "La Estrella",
        "Av. Guadalupe 1120, Guadalajara",
        (20.6668, -103.4012),
        CENTRE,
        true,
        SHOP,
        [2339, 2549, 0]
    ),
    station!(
        Some(1),
        "El Faro Tlaquepaque",
        "El Faro",
        "Av. Niños Héroes 310, Tlaquepaque",
        (20.6402, -103.3115),
        CENTRE,
        false,
        SHOP,
        [2329, 2535, 2475]
    ),
    station!(
        None,
        "Combustibles del Bosque",
        "Del Bosque",
        "Av. Mariano Otero 3500, Zapopan",
        (20.6378, -103.4137),
        CENTRE,
        false,
        PLAIN,
        [2365, 2570, 2510]
    ),
    station!(
        Some(1),
        "El Faro Periférico",
        "El Faro",
        "Periférico Norte 980, Zapopan",
        (20.7321, -103.3987),
        CENTRE,
        true,
        FULL,
        [2319, 2530, 2469]
    ),
    station!(
        Some(0),
        "La Estrella San Pedro",
        "La Estrella",
        "Av. Vasconcelos 402, San Pedro Garza García",
        (25.6573, -100.3664),
        NORTH,
        true,
        FULL,
        [2405, 2615, 2540]
    ),
    station!(
        Some(0),
        "La Estrella Obispado",
        "La Estrella",
        "Av. Hidalgo 1850, Monterrey",
        (25.6739, -100.3412),
        NORTH,
        false,
        SHOP,
        [2395, 2599, 0]
    ),
    station!(
        Some(1),
        "El Faro Cumbres",
        "El Faro",
        "Av. Leones 2210, Monterrey",
        (25.7098, -100.3795),
        NORTH,
        true,
        SHOP,
        [2389, 2590, 2525]
    ),
    station!(
        None,
        "Gasolinera Cerro de la Silla",
        "Independiente",
        "Av. Garza Sada 3120, Monterrey",
        (25.6381, -100.2839),
        NORTH,
        false,
        PLAIN,
        [2415, 2620, 2549]
    ),
    station!(
        Some(0),
        "La Estrella Montejo",
        "La Estrella",
        "Paseo de Montejo 470, Mérida",
        (20.9871, -89.6175),
        SOUTH,
        true,
        FULL,
        [2379, 2585, 2515]
    ),
    station!(
        Some(1),
        "El Faro Itzimná",
        "El Faro",
        "Calle 20 núm. 96, Mérida",
        (20.9999, -89.6107),
        SOUTH,
        false,
        SHOP,
        [2369, 2575, 0]
    ),
    station!(
        None,
        "Servicio Xcumpich",
        "Independiente",
        "Calle 20A núm. 301, Mérida",
        (21.0265, -89.6268),
        SOUTH,
        false,
        PLAIN,
        [2359, 2569, 2505]
    ),
];
