pub mod assignment;
